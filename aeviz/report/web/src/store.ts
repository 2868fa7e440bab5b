/** What the reader has chosen, shared by all maps and panels, who are told of every change. */

export type Change = "hover" | "pin" | "select" | "color" | "filter" | "style" | "view";

/** How a selection was made, so that a link can make it again. */
export type Origin =
  | { kind: "lasso"; picture: string; polygon: number[] }
  | { kind: "class"; column: string; code: number }
  | { kind: "rows"; rows: number[] };

export class Store {
  /** Sample under the cursor, -1 for none, and the map that it is hovered in. */
  hovered = -1;
  hoveredIn = "";
  /** The samples clicked last, the latest at the end; at most two. */
  pinned: number[] = [];
  /** 1 where a sample is selected. */
  readonly selected: Uint8Array;
  nSelected = 0;
  origin: Origin | null = null;
  /** 1 where a sample is filtered out by the legend. */
  readonly hidden: Uint8Array;
  /** Key of the column that gives the colours. */
  color = "";
  pointSize = 1;
  opacity = 1;
  isLassoing = false;
  private readonly listeners = new Map<Change, Array<() => void>>();

  constructor(readonly nSamples: number) {
    this.selected = new Uint8Array(nSamples);
    this.hidden = new Uint8Array(nSamples);
  }

  on(change: Change, listener: () => void): void {
    const known = this.listeners.get(change) ?? [];
    known.push(listener);
    this.listeners.set(change, known);
  }

  tell(change: Change): void {
    for (const listener of this.listeners.get(change) ?? []) listener();
  }

  hover(row: number, picture = ""): void {
    if (row === this.hovered && picture === this.hoveredIn) return;
    this.hovered = row;
    this.hoveredIn = picture;
    this.tell("hover");
  }

  /** Pin a sample, or let go of it if it is pinned already. */
  pin(row: number): void {
    const others = this.pinned.filter((one) => one !== row);
    this.pinned = others.length < this.pinned.length ? others : [...others, row].slice(-2);
    this.tell("pin");
  }

  /** Select rows in place of, or beside, those selected before; filtered ones never. */
  select(rows: Iterable<number>, origin: Origin, isAdded = false): void {
    if (!isAdded) this.selected.fill(0);
    for (const row of rows) if (!this.hidden[row]) this.selected[row] = 1;
    this.nSelected = this.selected.reduce((sum, one) => sum + one, 0);
    this.origin = isAdded ? { kind: "rows", rows: this.rowsSelected() } : origin;
    if (!this.nSelected) this.origin = null;
    this.tell("select");
  }

  clear(): void {
    this.selected.fill(0);
    this.nSelected = 0;
    this.origin = null;
    this.tell("select");
  }

  rowsSelected(): number[] {
    const rows: number[] = [];
    for (let i = 0; i < this.nSamples; i++) if (this.selected[i]) rows.push(i);
    return rows;
  }

  /** 0 hidden, 1 shown, 2 selected: what the renderer draws. */
  states(): Uint8Array {
    const states = new Uint8Array(this.nSamples);
    for (let i = 0; i < this.nSamples; i++)
      states[i] = this.hidden[i] ? 0 : this.selected[i] ? 2 : 1;
    return states;
  }
}
