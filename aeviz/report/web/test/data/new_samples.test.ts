import { expect, test } from "vitest";
import { NewSamples } from "../../src/data/new_samples";
import type { Manifest } from "../../src/data/manifest";
import type { Payload } from "../../src/data/payload";

const REF = { blob: 0, dtype: "uint8", shape: [3] } as const;

function manifest(added?: Manifest["added"]): Manifest {
  return { nSamples: 8, added } as unknown as Manifest;
}

const payload = { array: async () => Uint8Array.from([0, 1, 1]) } as unknown as Payload;

test("a page without new samples has none", async () => {
  expect(await NewSamples.of(manifest(), payload)).toBeNull();
});

test("new samples are the last ones, a source after another", async () => {
  const sources = [
    { name: "a", n: 1 },
    { name: "b", n: 2 },
  ];
  const added = (await NewSamples.of(
    manifest({ sources, isOutlier: { ...REF, shape: [3] } }),
    payload,
  ))!;
  expect(added.first).toBe(5);
  expect([4, 5, 6, 7].map((row) => added.sourceOf(row))).toEqual([-1, 0, 1, 1]);
  expect([...added.kinds(8)]).toEqual([0, 0, 0, 0, 0, 1, 2, 2]);
  added.hidden = new Set([1]);
  expect([4, 5, 6, 7].map((row) => added.isHidden(row))).toEqual([false, false, true, true]);
});
