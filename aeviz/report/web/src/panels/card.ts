/** The card of the sample under the cursor: image, reconstruction, errors and features. */

import { shownOf, valueOf, type LoadedColumn } from "../data/colors";
import { line, make } from "../dom";
import { percent, formatNumber } from "../data/numbers";
import type { Reconstructions } from "../decoder/reconstructions";
import type { Session } from "../map/session";
import type { SampleImages } from "../decoder/sample_images";
import { FeatureList, telling } from "../decoder/samples";

const GAP_PX = 16;
const N_FEATURES = 7;

export class Card {
  readonly element = make("div", { class: "card" });
  private features: LoadedColumn[] = [];
  private errors: LoadedColumn[] = [];
  private turn = 0;
  private last: [number, number] = [0, 0];

  constructor(
    private readonly session: Session,
    private readonly images: SampleImages,
    private readonly reconstructions: Reconstructions,
  ) {
    this.element.hidden = true;
    this.element.setAttribute("aria-hidden", "true");
    session.store.on("hover", () => void this.update());
    // A finger comes down without having moved.
    for (const event of ["pointermove", "pointerdown"] as const)
      document.addEventListener(event, ({ clientX, clientY }) => this.place(clientX, clientY));
  }

  /** Unpack what cards tell of, so that the first is not late. */
  async prepare(): Promise<void> {
    this.errors = await this.session.group("error");
    this.features = await this.session.group("feature");
  }

  private async update(): Promise<void> {
    const { store } = this.session;
    const row = store.hovered;
    const turn = ++this.turn;
    if (row < 0 || !store.hoveredIn) {
      this.element.hidden = true;
      return;
    }
    const parts = [...this.origin(row), ...this.texts(row), ...this.facts(row), ...this.table(row)];
    this.element.replaceChildren(this.head(row), ...parts);
    this.element.hidden = false;
    const images = await this.imagesOf(row);
    // Another sample may be under the cursor by now.
    if (turn !== this.turn) return;
    if (images) this.element.children[0]!.after(images);
    this.place(...this.last);
  }

  private head(row: number): HTMLElement {
    const label = this.session.labelOf(row);
    const name = make("p", { class: "name" }, line(this.session.ids[row] ?? "", 40));
    if (label) name.prepend(make("strong", {}, line(label, 40)), " ");
    return name;
  }

  /** Where a new sample is from, and whether it is like those of the run. */
  private origin(row: number): HTMLElement[] {
    const { added } = this.session;
    const source = added?.sources[added.sourceOf(row)];
    if (!added || !source) return [];
    const told = make("p", { class: "origin" }, "new, of “", line(source.name, 40), "”");
    if (added.isOutlier(row)) told.append(make("strong", { text: "outlier" }));
    return [told];
  }

  /** Texts that belong to the sample. */
  private texts(row: number): HTMLElement[] {
    const list = make("dl", { class: "texts" });
    for (const { title, texts } of this.session.annotations) {
      const text = texts[row];
      if (!text) continue;
      const name = make("dt", {}, line(title, 30));
      list.append(make("div", {}, name, make("dd", {}, line(text, 160))));
    }
    return list.children.length ? [list] : [];
  }

  private async imagesOf(row: number): Promise<HTMLElement | null> {
    const host = make("div", { class: "pair" });
    const original = await this.images.original(row);
    if (original) host.append(make("figure", {}, original, make("figcaption", { text: "sample" })));
    const isImage = this.session.manifest.format.kind === "image";
    const back = isImage ? this.reconstructions.of(row) : null;
    if (back)
      host.append(
        make(
          "figure",
          {},
          this.images.decoded(back.values),
          make("figcaption", { text: back.title }),
        ),
      );
    if (!original && this.session.sprites)
      host.append(make("small", { text: "its image is not in this page" }));
    return host.children.length ? host : null;
  }

  private facts(row: number): HTMLElement[] {
    const { manifest, store } = this.session;
    const facts: Array<[string, string]> = [];
    const embedding = manifest.embeddings.find((one) => one.key === store.hoveredIn);
    for (const share of ["false", "missed"] as const) {
      const loaded = embedding && this.share(`${embedding.key} ${share}`);
      const value = loaded ? valueOf(loaded, row) : NaN;
      if (!Number.isNaN(value)) facts.push([`${share} neighbours here`, percent(value)]);
    }
    for (const error of this.errors) {
      const value = valueOf(error, row);
      if (Number.isNaN(value)) continue;
      const bound = error.column.kind === "values" ? error.column.bound : undefined;
      const isUnusual = bound !== undefined && value > bound && this.session.added?.isOutlier(row);
      const usual = isUnusual ? ` (usual ≤ ${formatNumber(bound, 3)})` : "";
      facts.push([
        error.column.title.replace(/^reconstruction | to the nearest code/, ""),
        formatNumber(value, 3) + usual,
      ]);
    }
    const list = make("dl");
    for (const [name, value] of facts)
      list.append(make("div", {}, make("dt", { text: name }), make("dd", { text: value })));
    return facts.length ? [list] : [];
  }

  private readonly shares = new Map<string, LoadedColumn | null>();

  private share(key: string): LoadedColumn | null {
    if (!this.shares.has(key)) {
      this.shares.set(key, null);
      const column = this.session.columns.find((one) => one.key === key);
      if (column)
        void this.session.column(column).then((found) => {
          this.shares.set(key, found);
          void this.update();
        });
    }
    return this.shares.get(key) ?? null;
  }

  /** The features in which the sample differs most from the mean. */
  private table(row: number): HTMLElement[] {
    const { format } = this.session.manifest;
    if (format.kind === "image" || !this.features.length) return [];
    const values = this.features.map((loaded) => valueOf(loaded, row));
    const list = new FeatureList(format);
    list.show(values, telling(values, format, N_FEATURES), (feature) =>
      shownOf(this.features[feature]!, row),
    );
    const left = values.length - N_FEATURES;
    const more = make("small", { text: `and ${left} more, nearer to their means` });
    return left > 0 ? [list.element, more] : [list.element];
  }

  private place(x: number, y: number): void {
    this.last = [x, y];
    if (this.element.hidden) return;
    const { offsetWidth, offsetHeight } = this.element;
    const right = x + GAP_PX + offsetWidth < window.innerWidth;
    const left = right ? x + GAP_PX : Math.max(4, x - GAP_PX - offsetWidth);
    const top = Math.min(Math.max(4, y + GAP_PX), window.innerHeight - offsetHeight - 4);
    this.element.style.setProperty("transform", `translate(${left}px, ${Math.max(4, top)}px)`);
  }

  /** Put the card beside a place of the screen: for those who go by keys. */
  at(x: number, y: number): void {
    this.place(x, y);
  }
}
