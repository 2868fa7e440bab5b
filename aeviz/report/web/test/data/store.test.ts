import { describe, expect, test } from "vitest";
import { Store, type Change } from "../../src/data/store";

const CHANGES: Change[] = ["hover", "pin", "select", "color", "filter", "style", "view"];

/** A store of six samples, and the changes that it told of. */
function listened() {
  const store = new Store(6);
  const heard: Change[] = [];
  for (const change of CHANGES) store.on(change, () => heard.push(change));
  return { store, heard };
}

const LASSO = { kind: "lasso", embedding: "pca_tsne", polygon: [0, 0, 1, 0, 0, 1] } as const;
const lasso = () => ({ ...LASSO, polygon: [...LASSO.polygon] });

describe("hover", () => {
  test("is told once a change of sample or map", () => {
    const { store, heard } = listened();
    store.hover(3, "a");
    store.hover(3, "a");
    expect([store.hovered, store.hoveredIn]).toEqual([3, "a"]);
    expect(heard).toEqual(["hover"]);
    store.hover(3, "b");
    store.hover(-1);
    store.hover(-1);
    expect(heard.length).toBe(3);
    expect([store.hovered, store.hoveredIn]).toEqual([-1, ""]);
  });
});

describe("pin", () => {
  test("keeps the last two and lets go of one that is pinned again", () => {
    const { store, heard } = listened();
    for (const row of [4, 1, 2]) store.pin(row);
    expect(store.pinned).toEqual([1, 2]);
    store.pin(1);
    expect(store.pinned).toEqual([2]);
    expect(heard).toEqual(["pin", "pin", "pin", "pin"]);
  });
});

describe("selection", () => {
  test("takes the place of the one before, or stands to it", () => {
    const { store, heard } = listened();
    store.select([1, 2], lasso());
    store.select([4, 5], lasso());
    expect(store.rowsSelected()).toEqual([4, 5]);
    expect(store.origin).toEqual(LASSO);
    store.select([0, 5], lasso(), true);
    expect(store.rowsSelected()).toEqual([0, 4, 5]);
    expect(store.nSelected).toBe(3);
    // No lasso alone would make it again.
    expect(store.origin).toEqual({ kind: "rows", rows: [0, 4, 5] });
    expect(heard).toEqual(["select", "select", "select"]);
  });

  test("of nothing is none", () => {
    const { store } = listened();
    store.select([1], lasso());
    store.select([], lasso());
    expect([store.nSelected, store.origin]).toEqual([0, null]);
    store.select([1], lasso());
    store.clear();
    expect([store.nSelected, store.origin, store.rowsSelected()]).toEqual([0, null, []]);
  });

  test("leaves out what is hidden, whichever came first", () => {
    // A link tells of both and cannot tell which came first.
    const first = new Store(6);
    first.select([0, 1, 2], lasso());
    first.filter((row) => row === 1);
    const second = new Store(6);
    second.filter((row) => row === 1);
    second.select([0, 1, 2], lasso());
    for (const store of [first, second]) {
      expect(store.rowsSelected()).toEqual([0, 2]);
      expect(store.nSelected).toBe(2);
      expect([...store.states()]).toEqual([2, 0, 2, 1, 1, 1]);
      expect(store.origin).toEqual(LASSO);
      store.filter(() => false);
      expect(store.rowsSelected()).toEqual([0, 1, 2]);
      expect([...store.states()]).toEqual([2, 2, 2, 1, 1, 1]);
    }
  });

  test("stays made where all of it is hidden", () => {
    const { store, heard } = listened();
    store.select([3], lasso());
    store.filter((row) => row === 3);
    expect([store.nSelected, store.rowsSelected()]).toEqual([0, []]);
    expect(store.origin).toEqual(LASSO);
    expect(heard).toEqual(["select", "filter"]);
  });
});

test("filters of several names hide together, each by itself", () => {
  const { store } = listened();
  store.filter((row) => row === 0);
  store.filter((row) => row > 3, "sources");
  expect([...store.hidden]).toEqual([1, 0, 0, 0, 1, 1]);
  store.filter(() => false);
  expect([...store.hidden]).toEqual([0, 0, 0, 0, 1, 1]);
});

test("what is drawn tells kinds apart, and is as before without any", () => {
  const { store } = listened();
  store.select([1, 5], { kind: "rows", rows: [1, 5] });
  store.filter((row) => row === 0);
  expect([...store.states()]).toEqual([0, 2, 1, 1, 1, 2]);
  store.kinds = Uint8Array.from([0, 0, 0, 1, 2, 2]);
  expect([...store.states()]).toEqual([0, 2, 1, 5, 9, 10]);
});
