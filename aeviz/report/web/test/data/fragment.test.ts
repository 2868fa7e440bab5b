import { describe, expect, test } from "vitest";
import { isLinkable, read, write, type PageState } from "../../src/data/fragment";

const PLAIN: PageState = {
  color: "label",
  hidden: [],
  hiddenSources: [],
  pinned: [],
  origin: null,
  size: 1,
  opacity: 1,
  views: {},
};

/** What is the same after reading, as plain objects. */
function again(state: Partial<PageState>): PageState {
  const found = read(write({ ...PLAIN, ...state }))!;
  return { ...found, views: { ...found.views } };
}

describe("what is written is read", () => {
  test.each([
    {},
    { color: "feature 12" },
    { color: "pca_tsne false", size: 0.4, opacity: 1.6 },
    { hidden: [0, 3, 65535], hiddenSources: [1], pinned: [7, 0] },
    { origin: { kind: "rows", rows: [0, 5, 99999] } },
    { origin: { kind: "class", column: "label", code: 65535 } },
    { origin: { kind: "class", column: "a key & = # % + \u202e", code: 0 } },
    { origin: { kind: "lasso", embedding: "deep_tsne", polygon: [-1.5, 0, 12.25, 1e-7, 3, -400] } },
    { views: { deep_tsne: [0.5, -3, 7.25], "pca_umap 1": [0, 0, 0.5] } },
  ] as Array<Partial<PageState>>)("%j", (state) => {
    expect(again(state)).toEqual({ ...PLAIN, ...state });
  });

  test("coordinates keep seven digits", () => {
    const { views } = again({ views: { a: [1 / 3, -2e5 / 3, 1] } });
    expect(views).toEqual({ a: [0.3333333, -66666.67, 1] });
  });

  test("a short link has nothing that is as at first", () => {
    expect(write(PLAIN)).toBe("#live?color=label");
  });

  test("long lassos are thinned", () => {
    const polygon = Array.from({ length: 2000 }, (_, i) => i);
    const lasso = again({ origin: { kind: "lasso", embedding: "a", polygon } }).origin;
    expect(lasso).toMatchObject({ kind: "lasso", embedding: "a" });
    expect((lasso as { polygon: number[] }).polygon.length).toBe(240);
  });

  test("selections of any size are read again, unless no address could hold them", () => {
    const all = Array.from({ length: 70_000 }, (_, i) => i);
    for (const rows of [all, all.filter((i) => i % 3), all.filter((i) => i % 1000 < 400)])
      expect(again({ origin: { kind: "rows", rows } }).origin).toEqual({ kind: "rows", rows });
    const rows = Array.from({ length: 100_000 }, (_, i) => 7 * i);
    expect(again({ origin: { kind: "rows", rows } }).origin).toBe(null);
    expect(isLinkable({ kind: "rows", rows })).toBe(false);
    expect(isLinkable({ kind: "rows", rows: all })).toBe(true);
    expect(isLinkable({ kind: "class", column: "label", code: 0 })).toBe(true);
  });
});

describe("what others wrote", () => {
  test.each(["", "#", "#scores", "#live", "live?color=label", "#Live?color=label"])(
    "is none of ours: %j",
    (fragment) => expect(read(fragment)).toBe(null),
  );

  test.each([
    ["#live?", {}],
    ["#live?color=%E0%A4%A&color=b", { color: "\ufffd%A" }],
    [
      "#live?color=</script><script>alert(1)</script>",
      { color: "</script><script>alert(1)</script>" },
    ],
    ["#live?hidden=1..2.x.-3.1e3.0x1.%20.4", { hidden: [1, 2, 4] }],
    ["#live?pinned=5.5.6.7", { pinned: [5, 6] }],
    ["#live?size=NaN&opacity=1e9", {}],
    ["#live?size=-1&opacity=", {}],
    ["#live?lasso=1_2_3_4 a", {}],
    ["#live?lasso=1_2_3_4_5 a", {}],
    ["#live?lasso=1_2_3_4_5_NaN a", {}],
    ["#live?lasso=______ a", {}],
    ["#live?class= label", {}],
    ["#live?class=1.5 label", {}],
    ["#live?class=-1 label", {}],
    ["#live?class=Infinity", {}],
    ["#live?rows=&lasso=", {}],
    ["#live?rows=r!&rows=1", {}],
    ["#live?rows=x1.2", {}],
    ["#live?view=", { views: { "": [NaN] } }],
    ["#live?view=1_2 a&view=x_1_2 b", { views: { a: [1, 2], b: [NaN, 1, 2] } }],
  ] as Array<[string, Partial<PageState>]>)("is taken for what it is: %j", (fragment, state) => {
    const found = read(fragment)!;
    expect({ ...found, views: { ...found.views } }).toEqual({ ...PLAIN, color: "", ...state });
  });

  test("changes no object's prototype", () => {
    const { views } = read("#live?view=1_2_3 __proto__&view=1_1_1 constructor")!;
    expect(Object.keys(views)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["0"]).toBe(undefined);
    expect(Object.getPrototypeOf(views)).toBe(null);
  });

  test("never throws, however it was cut or mixed up", () => {
    const long = write({
      ...PLAIN,
      hidden: [1, 2],
      pinned: [3, 4],
      origin: { kind: "lasso", embedding: "a b", polygon: [1, 2, 3, 4, 5, 6] },
      views: { "a b": [1, 2, 3] },
    });
    for (let end = 0; end <= long.length; end++) {
      const found = read(long.slice(0, end));
      expect(found === null || found.hidden.every(Number.isInteger)).toBe(true);
      const odd = read(`#live?${long.slice(end)}%${long.slice(0, end)}`)!;
      expect(odd.pinned.length).toBeLessThanOrEqual(2);
    }
  });
});
