import { expect, test } from "vitest";
import { aligned } from "../../src/map/align";

function embedding(n: number, seed: number) {
  let state = seed;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  return { xs: Float32Array.from({ length: n }, next), ys: Float32Array.from({ length: n }, next) };
}

for (const sign of [1, -1])
  test(`finds the turn, stretch and shift ${sign < 0 ? "with" : "without"} a mirror`, () => {
    const first = embedding(50, 7);
    const [cos, sin] = [Math.cos(2), Math.sin(2)];
    const second = {
      xs: first.xs.map((x, i) => 3 * (cos * x - sin * first.ys[i]!) + 5),
      ys: first.ys.map((y, i) => sign * 3 * (sin * first.xs[i]! + cos * y) - 2),
    };
    const found = aligned(first, second);
    for (let i = 0; i < 50; i++) {
      expect(found.xs[i]).toBeCloseTo(first.xs[i]!, 4);
      expect(found.ys[i]).toBeCloseTo(first.ys[i]!, 4);
    }
  });

test("an embedding that is one point stays one point", () => {
  const first = embedding(4, 3);
  const found = aligned(first, { xs: new Float32Array(4), ys: new Float32Array(4) });
  expect(new Set(found.xs).size).toBe(1);
});
