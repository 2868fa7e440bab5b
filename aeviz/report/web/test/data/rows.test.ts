import { describe, expect, test } from "vitest";
import { encodeRows, decodeRows } from "../../src/data/rows";

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("rows are decoded again", () => {
  test.each([
    [[], ""],
    [[3], "3"],
    [[0, 5, 99999], "0.5.99999"],
    // Twelve are left out, and three hundred chosen: 300 is 44 + 2 * 128.
    [upTo(300).map((i) => 12 + i), "rDKwC"],
    // Every other of 16: the bits 01010101 twice.
    [upTo(8).map((i) => 2 * i), "bVVU"],
  ] as Array<[number[], string]>)("%j in few characters", (rows, text) => {
    expect(encodeRows(rows)).toBe(text);
    expect(decodeRows(text)).toEqual(rows);
  });

  test("in their order, each once", () => {
    expect(decodeRows(encodeRows([9, 2, 9, 40]))).toEqual([2, 9, 40]);
  });

  test("whichever are chosen, in no more than a bit a sample", () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    for (const share of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const rows = upTo(20_000).filter(() => random() < share);
      const text = encodeRows(rows);
      expect(decodeRows(text)).toEqual(rows);
      expect(text.length).toBeLessThan((20_000 / 6) * 1.01);
      expect(new URLSearchParams({ rows: text }).toString()).toBe(`rows=${text}`);
    }
  });
});

test.each(["r!", "x", "rA", "r", "b", "b=", "1.2.x", "r____________", "b\u202e", "-1", "r/w"])(
  "of a damaged text there are none, or few: %j",
  (text) => {
    expect(decodeRows(text).length).toBeLessThan(100);
  },
);

test("a run longer than any page is none of ours", () => {
  // Nothing is left out, then 2 ** 35 - 1 are chosen.
  expect(decodeRows("rAP____9_")).toEqual([]);
});
