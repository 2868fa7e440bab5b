/** The legend of the colours, where classes can be hidden, isolated or selected. */

import type { NewSamples } from "../data/new_samples";
import { MISSING, isClasses, isShare, missingWords, type LoadedColumn } from "../data/colors";
import { button, dot, line, make } from "../dom";
import type { Ramps } from "../data/manifest";
import { count, formatNumber } from "../data/numbers";
import type { Store } from "../data/store";

const MAX_AT_ONCE = 40;

export class Legend {
  readonly element = make("div", { class: "legend" });
  /** Codes of the classes that are hidden, `MISSING` among them for samples without label. */
  private hidden = new Set<number>();
  private loaded: LoadedColumn | null = null;

  /** Stands below whatever the colours mean. */
  private readonly sources: HTMLElement | null;

  constructor(
    private readonly store: Store,
    private readonly added: NewSamples | null = null,
  ) {
    this.sources = added && make("ul", { class: "sources" });
    added?.sources.forEach((_, number) => this.sources!.append(this.source(number)));
  }

  /** Show a column. What was hidden in another is shown again, unless it is to stay. */
  show(loaded: LoadedColumn, ramps: Ramps, hidden: readonly number[] = []): void {
    this.loaded = loaded;
    this.hidden = new Set(hidden);
    this.filter();
    this.element.replaceChildren(
      ...(isClasses(loaded.column) ? this.classes(loaded) : bar(loaded, ramps)),
      ...(this.sources ? [this.sources] : []),
    );
  }

  /** Numbers of the sources of new samples that are hidden, for a link. */
  get hiddenSources(): number[] {
    return [...(this.added?.hidden ?? [])];
  }

  /** Hide these sources of new samples, and show all others. */
  hideSources(numbers: readonly number[]): void {
    const { added } = this;
    if (!added) return;
    added.hidden = new Set(numbers);
    for (const one of this.sources!.querySelectorAll<HTMLElement>("[data-source]"))
      one.setAttribute("aria-pressed", String(!added.hidden.has(Number(one.dataset.source))));
    this.store.filter((row) => added.isHidden(row), "sources");
  }

  private source(number: number): HTMLElement {
    const { name, from, to } = this.added!.sources[number]!;
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    const nOutliers = rows.filter((row) => this.added!.isOutlier(row)).length;
    const told = count(to - from) + (nOutliers ? `, ✕ ${count(nOutliers)} outliers` : "");
    const shown = button("", () => {
      const hidden = new Set(this.added!.hidden);
      if (!hidden.delete(number)) hidden.add(number);
      this.hideSources([...hidden]);
    });
    shown.className = "class";
    shown.dataset.source = String(number);
    shown.title = `${count(to - from)} new samples; click to hide or show`;
    shown.setAttribute("aria-pressed", "true");
    const markers = make("span", { class: "markers" }, make("i", { class: "diamond" }));
    shown.append(markers, "new:", line(name, 40), make("small", { text: told }));
    const chosen = button(
      "select",
      () => this.store.select(rows, { kind: "rows", rows }),
      `Select new samples of ${name}`,
    );
    chosen.className = "quiet";
    return make("li", {}, shown, chosen);
  }

  /** Codes of hidden classes, for a link. */
  get hiddenCodes(): number[] {
    return [...this.hidden];
  }

  private classes(loaded: LoadedColumn): HTMLElement[] {
    const counts = new Map<number, number>();
    for (const code of loaded.values) counts.set(code, (counts.get(code) ?? 0) + 1);
    const list = make("ul");
    for (const [code, name] of loaded.names.entries())
      if (counts.has(code))
        list.append(this.entry(code, name, loaded.colors[code]!, counts.get(code)!));
    if (counts.has(MISSING))
      list.append(this.entry(MISSING, missingWords(loaded), "", counts.get(MISSING)!));
    const parts: HTMLElement[] = [];
    const isLong = counts.size > MAX_AT_ONCE;
    list.classList.toggle("long", isLong);
    if (isLong) {
      list.tabIndex = 0;
      parts.push(this.finder(list, counts.size));
    }
    const all = button("Show all classes", () => {
      this.hidden.clear();
      this.update();
    });
    all.className = "quiet all";
    all.hidden = this.hidden.size === 0;
    return [...parts, list, all];
  }

  private finder(list: HTMLElement, nClasses: number): HTMLElement {
    const input = make("input", { label: "Find a class" });
    input.type = "search";
    input.placeholder = `Find one of ${count(nClasses)} classes`;
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      for (const item of list.children)
        (item as HTMLElement).hidden = !item.textContent!.toLowerCase().includes(wanted);
    });
    return input;
  }

  private entry(code: number, name: string, color: string, n: number): HTMLElement {
    const shown = button("", () => {
      if (!this.hidden.delete(code)) this.hidden.add(code);
      this.update();
    });
    shown.className = "class";
    shown.dataset.code = String(code);
    shown.title = `${count(n)} samples; click to hide or show, double-click to see alone`;
    shown.append(dot(color || "var(--muted)"), line(name, 40), make("small", { text: count(n) }));
    shown.setAttribute("aria-pressed", String(!this.hidden.has(code)));
    shown.addEventListener("dblclick", () => this.keepAlone(code));
    const chosen = button("select", () => this.select(code), `Select ${name || "(empty)"}`);
    chosen.className = "quiet";
    return make("li", {}, shown, chosen);
  }

  private keepAlone(code: number): void {
    const all = new Set<number>(this.loaded!.values);
    all.delete(code);
    this.hidden = all;
    this.update();
  }

  private select(code: number): void {
    const { values, column } = this.loaded!;
    const rows: number[] = [];
    for (let i = 0; i < values.length; i++) if (values[i] === code) rows.push(i);
    this.store.select(rows, { kind: "class", column: column.key, code });
  }

  private update(): void {
    for (const one of this.element.querySelectorAll<HTMLElement>("[data-code]"))
      one.setAttribute("aria-pressed", String(!this.hidden.has(Number(one.dataset.code))));
    const all = this.element.querySelector<HTMLElement>(".all");
    if (all) all.hidden = this.hidden.size === 0;
    this.filter();
  }

  private filter(): void {
    const { values, column } = this.loaded!;
    const isFiltered = isClasses(column) && this.hidden.size > 0;
    this.store.filter((row) => isFiltered && this.hidden.has(values[row]!));
  }
}

/** A ramp of colours with the values at its ends. */
function bar(loaded: LoadedColumn, ramps: Ramps): HTMLElement[] {
  const { column } = loaded;
  if (column.kind !== "values") return [];
  const stops = isShare(column) ? ramps.shares : ramps.values;
  const ramp = make("span", { class: "ramp" });
  ramp.style.setProperty("background", `linear-gradient(to right, ${stops.join(", ")})`);
  const [low, high] = column.shown;
  const ends = make(
    "div",
    { class: "ends" },
    make("span", { text: formatNumber(low, 3) }),
    ramp,
    make("span", { text: formatNumber(high, 3) }),
  );
  const isClipped = low > column.low || high < column.high;
  const note = isClipped ? "Values beyond these have the end colours." : "";
  return note ? [ends, make("small", { text: note })] : [ends];
}
