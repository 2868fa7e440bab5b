/** What the reader has chosen; maps and panels share it and are notified of every change. */

export type Change = "hover" | "pin" | "select" | "color" | "filter" | "style" | "view";

/** How a selection was made, so that a link can make it again. */
export type Origin =
  | { kind: "lasso"; embedding: string; polygon: number[] }
  | { kind: "class"; column: string; code: number }
  | { kind: "rows"; rows: number[] };

export class Store {
  /** Sample under the cursor, -1 for none, and the embedding that it is hovered in. */
  hovered = -1;
  hoveredIn = "";
  /** The samples clicked last, the latest at the end; at most two. */
  pinned: number[] = [];
  /** 1 where a sample is selected: what was chosen, without what is hidden now. */
  readonly selected: Uint8Array;
  nSelected = 0;
  origin: Origin | null = null;
  /** 1 where a sample is filtered out by the legend. */
  readonly hidden: Uint8Array;
  /** 0 for samples of the run, 1 for new ones, 2 for new outliers; null without new ones. */
  kinds: Uint8Array | null = null;
  /** Key of the column that gives the colours. */
  color = "";
  pointSize = 1;
  opacity = 1;
  isLassoing = false;
  private readonly chosen: Uint8Array;
  private readonly filters = new Map<string, (row: number) => boolean>();
  private readonly listeners = new Map<Change, Array<() => void>>();

  constructor(readonly nSamples: number) {
    this.selected = new Uint8Array(nSamples);
    this.chosen = new Uint8Array(nSamples);
    this.hidden = new Uint8Array(nSamples);
  }

  on(change: Change, listener: () => void): void {
    const known = this.listeners.get(change) ?? [];
    known.push(listener);
    this.listeners.set(change, known);
  }

  notify(change: Change): void {
    for (const listener of this.listeners.get(change) ?? []) listener();
  }

  hover(row: number, embedding = ""): void {
    if (row === this.hovered && embedding === this.hoveredIn) return;
    this.hovered = row;
    this.hoveredIn = embedding;
    this.notify("hover");
  }

  /** Pin a sample, or unpin it if it is pinned already. */
  pin(row: number): void {
    const others = this.pinned.filter((one) => one !== row);
    this.pinned = others.length < this.pinned.length ? others : [...others, row].slice(-2);
    this.notify("pin");
  }

  /** Select rows, or add them to the selection; hidden rows count once they are shown. */
  select(rows: Iterable<number>, origin: Origin, isAdded = false): void {
    if (!isAdded) this.chosen.fill(0);
    for (const row of rows) this.chosen[row] = 1;
    const chosen = rowsOf(this.chosen);
    this.origin = isAdded ? { kind: "rows", rows: chosen } : origin;
    if (!chosen.length) this.origin = null;
    this.count();
    this.notify("select");
  }

  clear(): void {
    this.select([], { kind: "rows", rows: [] });
  }

  /** Hide the samples that are named, and show all that no filter of another name hides. */
  filter(isHidden: (row: number) => boolean, name = "classes"): void {
    this.filters.set(name, isHidden);
    const filters = [...this.filters.values()];
    for (let row = 0; row < this.nSamples; row++)
      this.hidden[row] = filters.some((one) => one(row)) ? 1 : 0;
    this.count();
    this.notify("filter");
  }

  rowsSelected(): number[] {
    return rowsOf(this.selected);
  }

  private count(): void {
    this.nSelected = 0;
    for (let row = 0; row < this.nSamples; row++) {
      this.selected[row] = this.chosen[row] && !this.hidden[row] ? 1 : 0;
      this.nSelected += this.selected[row]!;
    }
  }

  /** 0 hidden, 1 shown, 2 selected, and four times the kind: what the renderer draws. */
  states(): Uint8Array {
    const { kinds } = this;
    const states = new Uint8Array(this.nSamples);
    for (let i = 0; i < this.nSamples; i++)
      states[i] = (this.hidden[i] ? 0 : this.selected[i] ? 2 : 1) + (kinds ? 4 * kinds[i]! : 0);
    return states;
  }
}

function rowsOf(flags: Uint8Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < flags.length; row++) if (flags[row]) rows.push(row);
  return rows;
}
