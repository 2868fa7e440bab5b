/** Put numbers into words, as the rest of the page does. */

export const MINUS = "−";

/** A number with so many significant digits, never in exponents for everyday sizes. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return "missing";
  const size = Math.abs(value);
  let text: string;
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) text = value.toExponential(digits - 1);
  else if (size >= 10 ** (digits - 1)) text = Math.round(value).toLocaleString("en-US");
  else text = String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", MINUS);
}

/** The fewest digits that stand for a number and no other of its precision. */
export function formatExactly(value: number, isDouble = true): string {
  if (isDouble) return String(value);
  let shorter = value;
  for (let digits = 6; digits <= 9; digits++) {
    shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) break;
  }
  return String(shorter);
}

/** A value with as many digits as its feature's spread makes worth telling. */
export function formatBySpread(value: number, spread = Math.abs(value)): string {
  if (!Number.isFinite(value)) return "none";
  const size = Math.floor(Math.log10(spread > 0 ? spread : Math.abs(value) || 1));
  if (Math.abs(value) >= 1e7 || (value !== 0 && size < -5)) {
    return value.toExponential(2).replaceAll("-", MINUS).replace("+", "");
  }
  const digits = Math.min(Math.max(1 - size, 0), 8);
  const text = value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return /[1-9]/.test(text) ? text.replace("-", MINUS) : text.replace("-", "");
}

export function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}

export function count(n: number): string {
  return n.toLocaleString("en-US");
}

export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

export interface Tick {
  value: number;
  text: string;
}

/** About so many round values between two bounds. */
export function niceTicks(low: number, high: number, about: number): Tick[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough)!;
  // Where doubles have no room for steps there are none to draw, and counting on would not end.
  if (Math.max(Math.abs(low), Math.abs(high)) / step > 1e12) return [];
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    const text = Math.abs(i * step).toFixed(Math.min(20, decimals));
    ticks.push({ value: i * step, text: i < 0 ? MINUS + text : text });
  }
  return ticks;
}
