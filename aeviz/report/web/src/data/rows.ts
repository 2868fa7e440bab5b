/**
 * Write many rows in few characters, for the address: as their numbers, as lengths of runs that are
 * chosen and not in turn, or as one bit a row, whichever is shortest.
 */

/** A page holds about a million samples; what names others is none of ours. */
const MAX_ROWS = 2 ** 22;

/** Rows as text without characters that an address would write in several. */
export function encodeRows(rows: readonly number[]): string {
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  if (!sorted.length) return "";
  const texts = [sorted.join("."), `r${base64(runs(sorted))}`, `b${base64(bits(sorted))}`];
  return texts.reduce((best, text) => (text.length < best.length ? text : best));
}

/** The rows of a text, in order; none where it is damaged. */
export function decodeRows(text: string): number[] {
  if (/^[\d.]*$/.test(text)) return text.split(".").filter(Boolean).map(Number);
  const bytes = fromBase64(text.slice(1));
  if (!bytes) return [];
  if (text.startsWith("r")) return fromRuns(bytes);
  return text.startsWith("b") ? fromBits(bytes) : [];
}

/** How many rows are left out, how many follow that are chosen, and so on; 7 bits a byte. */
function runs(sorted: readonly number[]): number[] {
  const bytes: number[] = [];
  const add = (length: number) => {
    for (; length > 127; length = Math.floor(length / 128)) bytes.push(128 + (length % 128));
    bytes.push(length);
  };
  for (let i = 0, end = 0; i < sorted.length;) {
    const first = i;
    while (i < sorted.length && sorted[i]! === sorted[first]! + i - first) i++;
    add(sorted[first]! - end);
    add(i - first);
    end = sorted[first]! + i - first;
  }
  return bytes;
}

function fromRuns(bytes: Uint8Array): number[] {
  const rows: number[] = [];
  let [place, length, unit, isChosen] = [0, 0, 1, false];
  for (const byte of bytes) {
    length += (byte % 128) * unit;
    unit *= 128;
    if (place + length > MAX_ROWS) return [];
    if (byte > 127) continue;
    if (isChosen) for (let i = 0; i < length; i++) rows.push(place + i);
    place += length;
    [length, unit, isChosen] = [0, 1, !isChosen];
  }
  return rows;
}

function bits(sorted: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.floor(sorted.at(-1)! / 8) + 1);
  for (const row of sorted) bytes[row >> 3]! |= 1 << (row & 7);
  return bytes;
}

function fromBits(bytes: Uint8Array): number[] {
  const rows: number[] = [];
  if (8 * bytes.length > MAX_ROWS) return rows;
  for (let row = 0; row < 8 * bytes.length; row++)
    if (bytes[row >> 3]! & (1 << (row & 7))) rows.push(row);
  return rows;
}

function base64(bytes: ArrayLike<number>): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): Uint8Array | null {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
