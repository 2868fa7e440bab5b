import { expect, test } from "vitest";
import { find } from "../src/toolbar";

test.each([
  ["12", 3],
  ["1", 1],
  ["ab", 0],
  ["AB", 0],
  ["b-", 0],
  ["2", 0],
  ["</SCRIPT>", 4],
  ["nothing", -1],
])("%j finds the same, else what begins so, else what holds it", (wanted, row) => {
  expect(find(["Ab-112", "1", "10", "12", "</script>"], wanted)).toBe(row);
});
