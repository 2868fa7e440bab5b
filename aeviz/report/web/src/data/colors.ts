/** Give every sample its colour: of its class, or of a value on a ramp. */

import type { ClassColumn, Column, Ramps, ValueColumn } from "./manifest";
import { MINUS, formatExactly } from "./numbers";
import type { Payload, Values } from "./payload";

/** The class of samples that have none. */
export const MISSING = 0xffff;

/** What a sample without a class lacks, in words. */
export function missingWords(loaded: LoadedColumn): string {
  return loaded.column.key === "cluster" ? "no cluster" : "no label";
}
/** Values have so many colours. */
const N_COLORS = 1024;

export type Rgb = [number, number, number];

/** A column with its values unpacked: numbers of classes, or values in the units of the source. */
export interface LoadedColumn {
  column: Column;
  values: Values;
  /** Names and colours of classes; empty for values. */
  names: string[];
  colors: string[];
}

export async function loadColumn(column: Column, payload: Payload): Promise<LoadedColumn> {
  const values = await payload.array(column.values);
  if (column.kind === "values")
    return { column, values: numbersOf(column, values), names: [], colors: [] };
  const [names, colors] = await Promise.all([
    payload.json(column.names) as Promise<string[]>,
    payload.json(column.colors) as Promise<string[]>,
  ]);
  return { column, values, names, colors };
}

/**
 * The values that are written as floats or as steps, NaN where missing. In double precision they are
 * those of the source to the last digit, in single precision the nearest to them.
 */
export function numbersOf(
  { first, decimals }: Pick<ValueColumn, "first" | "decimals">,
  written: Values,
): Float32Array | Float64Array {
  if (written instanceof Float32Array || written instanceof Float64Array) return written;
  const last = 2 ** (8 * written.BYTES_PER_ELEMENT) - 1;
  if (first !== undefined && decimals !== undefined) {
    const unit = 10 ** decimals;
    return Float64Array.from(written, (step) => (step === last ? NaN : (first + step) / unit));
  }
  const top = written instanceof Uint8Array ? last : last - 1;
  return Float64Array.from(written, (step) => (step > top ? NaN : step / top));
}

/** The numbers of a colour written as #rrggbb. */
export function rgb(color: string, otherwise: Rgb = [0, 0, 0]): Rgb {
  const found = /^\s*#([\da-f]{2})([\da-f]{2})([\da-f]{2})\s*$/i.exec(color);
  return found ? (found.slice(1).map((part) => parseInt(part, 16)) as Rgb) : otherwise;
}

/** Colours of all samples, four bytes each. */
export function paint(loaded: LoadedColumn, ramps: Ramps): Uint8Array {
  const { column, values, colors } = loaded;
  const isValues = column.kind === "values";
  const table = isValues ? valueTable(column, ramps) : classTable(colors, ramps.missing);
  const bytes = new Uint8Array(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const from = 3 * (isValues ? placeOf(values[i]!, column) : values[i]!);
    bytes[4 * i] = table[from]!;
    bytes[4 * i + 1] = table[from + 1]!;
    bytes[4 * i + 2] = table[from + 2]!;
    bytes[4 * i + 3] = 255;
  }
  return bytes;
}

function classTable(colors: readonly string[], missing: string): Uint8Array {
  const table = new Uint8Array(3 * (MISSING + 1));
  for (const [i, color] of colors.entries()) table.set(rgb(color), 3 * i);
  table.set(rgb(missing), 3 * MISSING);
  return table;
}

/** Colours of what is shown, from low to high, and that of missing values at the end. */
function valueTable(column: ValueColumn, ramps: Ramps): Uint8Array {
  const stops = (isShare(column) ? ramps.shares : ramps.values).map((hex) => rgb(hex));
  const table = new Uint8Array(3 * (N_COLORS + 1));
  for (let i = 0; i < N_COLORS; i++) table.set(between(stops, i / (N_COLORS - 1)), 3 * i);
  table.set(rgb(ramps.missing), 3 * N_COLORS);
  return table;
}

function placeOf(value: number, { shown: [low, high] }: ValueColumn): number {
  if (Number.isNaN(value)) return N_COLORS;
  const share = (value - low) / (high - low || 1);
  return Math.round(Math.min(1, Math.max(0, share)) * (N_COLORS - 1));
}

export function isShare(column: Column): boolean {
  return column.key.endsWith(" false") || column.key.endsWith(" missed");
}

function between(stops: readonly Rgb[], share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(place));
  const rest = place - i;
  return stops[i]!.map((one, channel) =>
    Math.round(one + rest * (stops[i + 1]![channel]! - one)),
  ) as Rgb;
}

/** The value of a sample in the units of the source; NaN where it is missing. */
export function valueOf(loaded: LoadedColumn, row: number): number {
  const number = loaded.values[row]!;
  return loaded.column.kind === "classes" && number === MISSING ? NaN : number;
}

/** Whether values are known to the last digit of the source. */
export function isExact({ values }: LoadedColumn): boolean {
  return values instanceof Float64Array;
}

/** The value of a sample as the source writes it, empty where it is missing. */
export function writtenOf(loaded: LoadedColumn, row: number): string {
  const value = loaded.values[row]!;
  return Number.isNaN(value) ? "" : formatExactly(value, isExact(loaded));
}

/** The value of a sample for the eye, empty where it is missing or not known to the last digit. */
export function shownOf(loaded: LoadedColumn, row: number): string {
  return isExact(loaded) ? writtenOf(loaded, row).replace("-", MINUS) : "";
}

/** The class of a sample, empty where it is missing. */
export function classOf(loaded: LoadedColumn, row: number): string {
  const code = loaded.values[row]!;
  return code === MISSING ? "" : (loaded.names[code] ?? "");
}

export function isClasses(column: Column): column is ClassColumn {
  return column.kind === "classes";
}
