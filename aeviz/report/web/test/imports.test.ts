/** Test the order of the source folders: imports point down, and there are no circles. */
import { expect, test } from "vitest";

/** From the lowest folder up; files of one folder may import each other, without circles. */
const FOLDERS = ["", "data", "map", "decoder", "panels"];

const sources = (
  import.meta as unknown as { glob(pattern: string, options: object): Record<string, string> }
).glob("../src/**/*.ts", { query: "?raw", import: "default", eager: true });

/** The files that each file imports, as paths below src. */
function imports(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [path, text] of Object.entries(sources)) {
    const targets = [...text.matchAll(/from "(\.[^"]+)"/g)].map(
      ([, to]) => new URL(`${to}.ts`, new URL(path, "file:///test/")).pathname,
    );
    const file = new URL(path, "file:///test/").pathname;
    found.set(
      file.slice("/src/".length),
      targets.map((to) => to.slice("/src/".length)),
    );
  }
  return found;
}

const folderOf = (file: string) => (file.includes("/") ? file.split("/")[0]! : "");

test("sources are found", () => {
  expect(imports().get("main.ts")).toContain("panels/page.ts");
});

test("no folder imports from a higher one", () => {
  for (const [file, targets] of imports()) {
    if (file === "main.ts") continue;
    const own = FOLDERS.indexOf(folderOf(file));
    expect(own, file).toBeGreaterThanOrEqual(0);
    for (const to of targets)
      expect(FOLDERS.indexOf(folderOf(to)), `${file} -> ${to}`).toBeLessThanOrEqual(own);
  }
});

test("there are no circles", () => {
  const graph = imports();
  const finished = new Set<string>();
  const visit = (file: string, path: string[]) => {
    expect(path, "a circle of imports").not.toContain(file);
    if (finished.has(file)) return;
    for (const to of graph.get(file) ?? []) visit(to, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});
