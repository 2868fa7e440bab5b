import { describe, expect, test } from "vitest";
import type { LoadedColumn } from "../../src/data/colors";
import type { Ref } from "../../src/data/manifest";
import { classCounts, csv, differences, evenly, meanShares } from "../../src/data/summary";

const REF: Ref = { blob: 0, dtype: "uint16", shape: [] };
const MISSING = 65535;

function classes(codes: number[], names: string[], title = "label"): LoadedColumn {
  const facts = { kind: "classes", key: "label", values: REF, names: REF, colors: REF } as const;
  const colors = names.map((_, i) => `#00000${i}`);
  return { column: { ...facts, title }, values: Uint16Array.from(codes), names, colors };
}

/** A column of values that are shares of the way from `low` to `high`. */
function numbers(title: string, shares: number[], [low, high] = [0, 1]): LoadedColumn {
  const facts = { kind: "values", key: title, group: "feature", values: REF } as const;
  const values = Float64Array.from(shares, (share) => low! + share * (high! - low!));
  const column = { ...facts, title, low: low!, high: high!, shown: [low!, high!] as const };
  return { column: { ...column, shown: [low!, high!] }, values, names: [], colors: [] };
}

const flags = (...values: number[]) => Uint8Array.from(values);

describe("classCounts", () => {
  const made = classes([0, 1, 1, 2, MISSING, 1], ["a", "b", "c"]);

  test("says how many of each class and of how many, most first", () => {
    expect(classCounts(made, flags(1, 1, 1, 0, 1, 0))).toEqual([
      { name: "b", color: "#000001", n: 2, of: 3 },
      { name: "a", color: "#000000", n: 1, of: 1 },
      { name: "no label", color: "", n: 1, of: 1 },
    ]);
  });

  test("says of clusters that a sample is in none", () => {
    const found = { ...made, column: { ...made.column, key: "cluster" } } as LoadedColumn;
    expect(classCounts(found, flags(0, 0, 0, 0, 1, 0))[0]!.name).toBe("no cluster");
  });

  test("says nothing of nothing", () => {
    expect(classCounts(made, flags(0, 0, 0, 0, 0, 0))).toEqual([]);
  });
});

test("meanShares are those of the selected and of all", () => {
  const [inside, all] = meanShares(Float64Array.from([1, 0.2, 0, 0]), flags(1, 1, 0, 0));
  expect(inside).toBeCloseTo(0.6, 12);
  expect(all).toBeCloseTo(0.3, 12);
  expect(meanShares(Float64Array.from([1]), flags(0))).toEqual([NaN, 1]);
});

describe("differences", () => {
  test("are of means, in standard deviations over all, the largest first", () => {
    // Values 0, 0, 1, 1: mean 0.5, std 0.5; inside 1, outside 0 is 2 deviations.
    // Values 0, 1, 1, 0: no difference between the halves.
    // Values 1, 1, 1, 0: mean 0.75, variance 3/16; inside 0.5, outside 1.
    const columns = [
      numbers("same", [0, 1, 1, 0]),
      numbers("less", [1, 1, 1, 0]),
      numbers("apart", [0, 0, 1, 1]),
    ];
    const found = differences(columns, flags(0, 0, 1, 1));
    expect(found.map((one) => one.title)).toEqual(["apart", "less", "same"]);
    expect(found.map((one) => one.deviations)).toEqual([
      2,
      expect.closeTo(-0.5 / Math.sqrt(3 / 16), 9),
      0,
    ]);
    expect(found[0]).toMatchObject({ inside: 1, outside: 0 });
    expect(found[1]).toMatchObject({ inside: 0.5, outside: 1 });
  });

  test("leave out missing values, and columns that say nothing", () => {
    const columns = [
      numbers("some", [NaN, 0, 1, NaN]),
      numbers("none inside", [0, 1, NaN, NaN]),
      numbers("constant", [0, 0, 0, 0], [0.1, 0.1]),
      numbers("all missing", [NaN, NaN, NaN, NaN]),
    ];
    const found = differences(columns, flags(0, 0, 1, 1));
    expect(found).toEqual([{ title: "some", inside: 1, outside: 0, deviations: 2 }]);
    expect(differences(columns, flags(1, 1, 1, 1))).toEqual([]);
  });

  test("hold where values are large and their spread is small", () => {
    // Seconds since 1970, 8 apart: their squares have no room for the difference.
    const column = numbers("time", [0, 0, 1, 1], [1.7e9, 1.7e9 + 8]);
    const [found] = differences([column], flags(0, 0, 1, 1));
    expect(found).toEqual({
      title: "time",
      inside: 1.7e9 + 8,
      outside: 1.7e9,
      deviations: expect.closeTo(2, 9) as number,
    });
  });
});

test("evenly chosen rows are so many, from first to last", () => {
  expect(evenly([1, 2, 3], 5)).toEqual([1, 2, 3]);
  expect(evenly([0, 1, 2, 3, 4, 5, 6, 7], 4)).toEqual([0, 2, 4, 6]);
  expect(evenly([], 4)).toEqual([]);
});

/** Read CSV as RFC 4180 has it. */
function parsed(text: string): string[][] {
  const rows: string[][] = [[""]];
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const row = rows.at(-1)!;
    const character = text[i]!;
    if (character === '"') {
      if (isQuoted && text[i + 1] === '"') row[row.length - 1] += text[++i]!;
      else isQuoted = !isQuoted;
    } else if (character === "," && !isQuoted) row.push("");
    else if (character === "\n" && !isQuoted) rows.push([""]);
    else row[row.length - 1] += character;
  }
  return rows.slice(0, -1);
}

describe("csv", () => {
  test("has a head, a row per sample, and nothing where a value is missing", () => {
    const columns = [classes([0, MISSING, 1], ["one", "two"]), numbers("x", [0.5, NaN, 1])];
    expect(csv([0, 1, 2], ["a", "b", "c"], columns)).toBe(
      "sample_id,label,x\na,one,0.5\nb,,\nc,two,1\n",
    );
    expect(csv([2], ["a", "b", "c"], columns)).toBe("sample_id,label,x\nc,two,1\n");
  });

  test("quotes what would end a cell or a row", () => {
    const names = ['a "b", c', "two\nlines", "return\rhere", "plain; 'text'", ""];
    const made = classes([0, 1, 2, 3, 4], names, "a,b");
    const ids = ["1,5", '"', "x", "y", "z"];
    const text = csv([0, 1, 2, 3, 4], ids, [made]);
    expect(text.split("\n")[1]).toBe('"1,5","a ""b"", c"');
    expect(parsed(text)).toEqual([["sample_id", "a,b"], ...ids.map((id, i) => [id, names[i]!])]);
  });

  test.each([
    "=1+1",
    "+cmd|'/C calc'!A0",
    "-cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
  ])("holds no formula that a spreadsheet would run: %j", (text) => {
    const made = classes([0], [text], text);
    const rows = parsed(csv([0], [text], [made]));
    expect(rows).toEqual([
      ["sample_id", `'${text}`],
      [`'${text}`, `'${text}`],
    ]);
  });

  test.each(["-5", "+1.5e3", "-.5", "a=b", "x-1"])("leaves %j as it is", (text) => {
    expect(csv([0], [text], [])).toBe(`sample_id\n${text}\n`);
  });

  test("has every digit of the source, and no others", () => {
    const column = numbers("x", [0, 1], [80, 1234567.89]);
    expect(csv([0, 1], ["a", "b"], [column])).toBe("sample_id,x\na,80\nb,1234567.89\n");
  });

  test("leaves negative numbers as they are", () => {
    expect(csv([0], ["a"], [numbers("x", [0], [-3.25, 1])])).toBe("sample_id,x\na,-3.25\n");
  });
});

test("new samples, which have no shares, count in no mean of them", () => {
  const shares = Float64Array.from([1, 0, NaN, NaN]);
  expect(meanShares(shares, flags(1, 0, 1, 0))).toEqual([1, 0.5]);
  expect(meanShares(shares, flags(0, 0, 1, 1))[0]).toBeNaN();
});

test("texts stand behind the columns of a CSV, and none is a formula", () => {
  const texts = [{ title: "=name", texts: ["a, b", "=1+1"] }];
  expect(csv([0, 1], ["x", "y"], [], texts)).toBe("sample_id,'=name\nx,\"a, b\"\ny,'=1+1\n");
});
