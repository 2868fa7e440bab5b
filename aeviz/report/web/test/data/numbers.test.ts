import { describe, expect, test } from "vitest";
import { count, niceTicks, percent, plural, formatNumber } from "../../src/data/numbers";

test.each([
  [0, "0"],
  [3.14159, "3.142"],
  [-0.5, "\u22120.5"],
  [1234.5, "1,235"],
  [-1234567, "\u22121,234,567"],
  [0.00012346, "0.0001235"],
  [12345678, "1.235e+7"],
  [-1.5e-7, "\u22121.500e\u22127"],
  [NaN, "missing"],
  [Infinity, "missing"],
])("%d is told as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("fewer digits may be told", () => {
  expect(formatNumber(3.14159, 2)).toBe("3.1");
  expect(formatNumber(314.159, 2)).toBe("314");
});

test("shares are whole per cents from ten on", () => {
  expect([0, 0.0123, 0.099, 0.1, 0.256, 1].map(percent)).toEqual([
    "0 %",
    "1.2 %",
    "9.9 %",
    "10 %",
    "26 %",
    "100 %",
  ]);
});

test("counts have separators and nouns their number", () => {
  expect(count(70000)).toBe("70,000");
  expect([plural(1, "sample"), plural(1000, "sample")]).toEqual(["1 sample", "1,000 samples"]);
});

describe("niceTicks", () => {
  const texts = (low: number, high: number, about = 5) =>
    niceTicks(low, high, about).map((tick) => tick.text);

  test("are round and within the bounds", () => {
    expect(texts(-3, 11)).toEqual(["0", "5", "10"]);
    expect(texts(-0.25, 0.31)).toEqual(["\u22120.2", "0.0", "0.2"]);
    expect(texts(0, 10)).toEqual(["0", "2", "4", "6", "8", "10"]);
    expect(texts(1234.5, 1235.5)).toEqual(["1234.6", "1234.8", "1235.0", "1235.2", "1235.4"]);
    expect(niceTicks(-40, 60, 2).map((tick) => tick.value + 0)).toEqual([0, 50]);
  });

  test("are none where there is nothing to divide", () => {
    expect(texts(1, 1)).toEqual([]);
    expect(texts(2, 1)).toEqual([]);
    expect(texts(NaN, 1)).toEqual([]);
    expect(texts(-Infinity, 1)).toEqual([]);
    expect(texts(-1.7e308, 1.7e308)).toEqual([]);
  });

  test("come to an end where doubles have no room for steps", () => {
    // From 1e17 the next number is 16 away, and counting 1e16 steps by one stands still.
    expect(texts(1e17, 1e17 + 32)).toEqual([]);
    expect(texts(-1e17 - 32, -1e17)).toEqual([]);
  });
});
