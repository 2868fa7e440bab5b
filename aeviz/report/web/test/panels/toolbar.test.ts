import { expect, test } from "vitest";
import { find } from "../../src/panels/toolbar";

const IDS = ["Ab-112", "1", "10", "12", "</script>"];

test.each([
  ["12", [3]],
  ["1", [1]],
  ["ab", [0]],
  ["AB", [0]],
  ["b-", [0]],
  ["2", [0, 3]],
  ["</SCRIPT>", [4]],
  ["nothing", []],
])("%j finds the same, else what begins so, then what holds it", (wanted, rows) => {
  expect(find(IDS, wanted)).toEqual(rows);
});

test("texts are looked through where no id is the same, each sample once", () => {
  const texts = [
    ["Mrs. Smith", "", "Mr. 1", "", "smithy"],
    ["", "", "", "Smith 12", "Smith"],
  ];
  expect(find(IDS, "smith", texts)).toEqual([0, 3, 4]);
  expect(find(IDS, "1", texts)).toEqual([1]);
  expect(find(IDS, "0", texts)).toEqual([2]);
  expect(find(IDS, "mr. 1", texts)).toEqual([2]);
});
