/** Numbers that describe a selection: classes, means and differences. */

import { MISSING, classOf, missingWords, valueOf, writtenOf, type LoadedColumn } from "./colors";
import type { Values } from "./payload";

export interface Share {
  name: string;
  color: string;
  n: number;
  /** Of all shown samples of the class. */
  of: number;
}

/** How many of each class are selected, most first; missing labels at the end. */
export function classCounts(loaded: LoadedColumn, selected: Uint8Array): Share[] {
  const nClasses = loaded.names.length;
  const [n, of] = [new Uint32Array(nClasses + 1), new Uint32Array(nClasses + 1)];
  for (let i = 0; i < selected.length; i++) {
    const code = loaded.values[i]!;
    const place = code === MISSING ? nClasses : code;
    of[place]!++;
    if (selected[i]) n[place]!++;
  }
  const shares: Share[] = [];
  for (let code = 0; code <= nClasses; code++) {
    if (!n[code]) continue;
    const isMissing = code === nClasses;
    shares.push({
      name: isMissing ? missingWords(loaded) : loaded.names[code]!,
      color: isMissing ? "" : loaded.colors[code]!,
      n: n[code]!,
      of: of[code]!,
    });
  }
  return shares.sort((a, b) => b.n - a.n);
}

/** Means of a share column over what is selected and over all that have a share; NaN of none. */
export function meanShares(values: Values, selected: Uint8Array): [number, number] {
  let [inside, nInside, all, n] = [0, 0, 0, 0];
  for (let i = 0; i < selected.length; i++) {
    const share = values[i]!;
    if (Number.isNaN(share)) continue;
    all += share;
    n++;
    if (selected[i]) {
      inside += share;
      nInside++;
    }
  }
  return [inside / nInside, all / n];
}

export interface Difference {
  title: string;
  inside: number;
  outside: number;
  /** Difference of the means in standard deviations over all samples. */
  deviations: number;
}

/** The columns whose mean inside differs most from that of all others, largest difference first. */
export function differences(columns: readonly LoadedColumn[], selected: Uint8Array): Difference[] {
  const found: Difference[] = [];
  for (const loaded of columns) {
    // From the lowest on, so that squares of large values with a small spread keep their digits.
    const low = loaded.column.kind === "values" ? loaded.column.low : 0;
    let [sum, n, sumIn, nIn, squares] = [0, 0, 0, 0, 0];
    for (let i = 0; i < selected.length; i++) {
      const value = valueOf(loaded, i) - low;
      if (Number.isNaN(value)) continue;
      sum += value;
      squares += value * value;
      n++;
      if (selected[i]) {
        sumIn += value;
        nIn++;
      }
    }
    const std = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
    if (!nIn || nIn === n || !(std > 0)) continue;
    const inside = sumIn / nIn;
    const outside = (sum - sumIn) / (n - nIn);
    const deviations = (inside - outside) / std;
    const { title } = loaded.column;
    found.push({ title, inside: low + inside, outside: low + outside, deviations });
  }
  return found.sort((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations));
}

/** So many of the rows, evenly chosen. */
export function evenly(rows: readonly number[], most: number): number[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

/** A table of rows as CSV; texts are quoted, and none can be taken for a formula. */
export function csv(
  rows: readonly number[],
  ids: readonly string[],
  columns: LoadedColumn[],
  annotations: ReadonlyArray<{ title: string; texts: readonly string[] }> = [],
): string {
  // Some programs take the wide forms of = + - @ for these.
  const cell = (text: string) => {
    const isFormula =
      /^[=+@\uff1d\uff0b\uff0d\uff20\t\r\n-]/.test(text) && Number.isNaN(Number(text));
    const safe = isFormula ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const value = (loaded: LoadedColumn, row: number) =>
    loaded.column.kind === "classes" ? cell(classOf(loaded, row)) : writtenOf(loaded, row);
  const titles = [
    ...columns.map((one) => one.column.title),
    ...annotations.map((one) => one.title),
  ];
  const lines = [["sample_id", ...titles].map(cell).join(",")];
  for (const row of rows) {
    const texts = annotations.map((one) => cell(one.texts[row]!));
    lines.push([cell(ids[row]!), ...columns.map((one) => value(one, row)), ...texts].join(","));
  }
  return lines.join("\n") + "\n";
}
