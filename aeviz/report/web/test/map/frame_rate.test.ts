import { expect, test } from "vitest";
import { FrameRate } from "../../src/map/frame_rate";

test("decoder every point at rest and while frames are quick", () => {
  const frameRate = new FrameRate();
  for (let now = 0; now < 1000; now += 16) expect(frameRate.every(now, now)).toBe(1);
  expect(frameRate.every(5000, 5000)).toBe(1);
});

test("decoder fewer and fewer while frames are slow, and more again when they are quick", () => {
  const frameRate = new FrameRate();
  let now = 0;
  const next = (passed: number, waited = 0) => frameRate.every((now += passed), now - waited);
  next(1000);
  expect([next(100), next(100), next(100)]).toEqual([2, 4, 8]);
  // Neither slow nor quick: as it is.
  expect(next(30)).toBe(8);
  expect([next(16), next(16)]).toEqual([4, 2]);
  // Very slow ones are no pause: they were asked for soon after the last.
  for (let i = 0; i < 20; i++) next(600, 590);
  expect(next(100)).toBe(32);
  // After a pause all of them, and in the next motion what was learnt.
  expect(next(500)).toBe(1);
  expect(next(30)).toBe(32);
});
