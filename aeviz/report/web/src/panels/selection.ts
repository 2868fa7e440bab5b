/** The panel of the selection: classes, neighbours, images and features. */

import { copy } from "../copying";
import type { LoadedColumn } from "../data/colors";
import { button, dot, line, make } from "../dom";
import { isLinkable } from "../data/fragment";
import type { SampleImages } from "../decoder/sample_images";
import { count, percent, plural, formatNumber } from "../data/numbers";
import type { Session } from "../map/session";
import { classCounts, csv, differences, evenly, meanShares } from "../data/summary";

const MAX_SHOWN = 60;
const MAX_AVERAGED = 600;
const MAX_CLASSES = 12;

export class SelectionPanel {
  readonly element = make("div", { class: "selection" });
  private readonly body = make("div");
  private readonly status = make("p", { class: "status" });
  private turn = 0;

  constructor(
    private readonly session: Session,
    private readonly images: SampleImages,
  ) {
    this.status.setAttribute("role", "status");
    this.element.append(this.status, this.body);
    session.store.on("select", () => void this.update());
    session.store.on("filter", () => void this.update());
    void this.update();
  }

  private async update(): Promise<void> {
    const { store } = this.session;
    const turn = ++this.turn;
    if (!store.nSelected) {
      this.status.textContent =
        "Nothing is selected. Draw around samples with the lasso, or hold Shift and drag.";
      this.body.replaceChildren();
      return;
    }
    this.status.textContent =
      `${plural(store.nSelected, "sample")} selected, ` +
      `${percent(store.nSelected / store.nSamples)} of ${count(store.nSamples)}.`;
    if (store.origin && !isLinkable(store.origin))
      this.status.textContent += " A link leaves the selection out: it is too long for an address.";
    const rows = store.rowsSelected();
    const { added } = this.session;
    if (added) {
      const isNew = rows.filter((row) => row >= added.first);
      const nOutliers = isNew.filter((row) => added.isOutlier(row)).length;
      this.status.textContent += ` New are ${count(isNew.length)}, ${count(nOutliers)} of them outliers.`;
    }
    const [counts, scores, format] = [this.counts(), await this.scores(), await this.format(rows)];
    if (turn !== this.turn) return;
    const isWide = this.session.sprites !== null;
    const left = make("div", {}, ...present(counts, isWide ? null : format));
    this.body.replaceChildren(
      this.actions(rows),
      ...present(left.children.length ? left : null, scores, isWide ? format : null),
    );
  }

  private actions(rows: readonly number[]): HTMLElement {
    const { store, manifest } = this.session;
    const copied = button("Copy ids", () => {
      const text = rows.map((row) => this.session.ids[row]).join("\n");
      void copy(text).then((done) => {
        copied.textContent = done ? "Copied" : "Could not copy";
        setTimeout(() => (copied.textContent = "Copy ids"), 1500);
      });
    });
    return make(
      "div",
      { class: "actions" },
      button(
        "Save as CSV",
        () =>
          void this.columns().then((columns) => {
            const text = csv(rows, this.session.ids, columns, this.session.annotations);
            save(text, `${fileName(manifest.name)}-selection.csv`);
          }),
      ),
      copied,
      button("Clear selection", () => store.clear()),
    );
  }

  private columns(): Promise<LoadedColumn[]> {
    return Promise.all(this.session.manifest.columns.map((one) => this.session.column(one)));
  }

  private counts(): HTMLElement | null {
    const { label, store } = this.session;
    if (!label || label.column.kind !== "classes") return null;
    const shares = classCounts(label, store.selected);
    const most = Math.max(...shares.map((one) => one.n));
    const list = make("ol", { class: "counts" });
    for (const share of shares.slice(0, MAX_CLASSES)) {
      const bar = make("i");
      bar.style.setProperty("width", `${(100 * share.n) / most}%`);
      bar.style.setProperty("background-color", share.color || "var(--muted)");
      const of = `${count(share.n)} of ${count(share.of)}`;
      list.append(
        make(
          "li",
          {},
          dot(share.color || "var(--muted)"),
          line(share.name, 30),
          make("span", { class: "track" }, bar),
          make("small", { text: of }),
        ),
      );
    }
    const left = shares.length - MAX_CLASSES;
    const parts: HTMLElement[] = [make("h4", { text: "Labels" }), list];
    if (left > 0)
      parts.push(
        make("small", { text: `and ${plural(left, "more class")}`.replace("classs", "classes") }),
      );
    return make("div", {}, ...parts);
  }

  /** How many neighbours of the selected samples are wrong in each embedding. */
  private async scores(): Promise<HTMLElement | null> {
    const { manifest, store } = this.session;
    const rows: HTMLElement[] = [];
    for (const embedding of manifest.embeddings) {
      if (!embedding.false || !embedding.missed) continue;
      const cells: HTMLElement[] = [];
      for (const share of ["false", "missed"] as const) {
        const { values } = (await this.session.share(embedding, share))!;
        const [inside, all] = meanShares(values, store.selected);
        // New samples have no shares.
        const text = Number.isNaN(inside) ? "–" : percent(inside);
        cells.push(make("td", { text }, make("small", { text: `all ${percent(all)}` })));
      }
      const head = make("th", { text: embedding.title.replace("t-SNE", "t\u2011SNE") });
      head.scope = "row";
      rows.push(make("tr", {}, head, ...cells));
    }
    for (const error of await this.session.group("error")) {
      const [found] = differences([error], store.selected);
      if (!found) continue;
      const head = make("th", { text: found.title });
      head.scope = "row";
      const other = make("small", { text: `others ${formatNumber(found.outside, 3)}` });
      const cell = make("td", { text: formatNumber(found.inside, 3) }, other);
      cell.colSpan = 2;
      rows.push(make("tr", {}, head, cell));
    }
    if (!rows.length) return null;
    const heads = ["", "false neighbours", "missed"].map((text) => make("th", { text }));
    const head = make("thead", {}, make("tr", {}, ...heads));
    const table = make("table", {}, head, make("tbody", {}, ...rows));
    return make(
      "div",
      {},
      make("h4", { text: "Neighbours and errors" }),
      make("div", { class: "scroll" }, table),
    );
  }

  private async format(rows: readonly number[]): Promise<HTMLElement | null> {
    return this.session.sprites ? this.gallery(rows) : this.features();
  }

  private async gallery(rows: readonly number[]): Promise<HTMLElement> {
    const sprites = this.session.sprites!;
    const withImages = rows.filter((row) => sprites.has(row));
    const shown = evenly(withImages, MAX_SHOWN);
    const gallery = make("div", { class: "members" });
    for (const image of await Promise.all(shown.map((row) => this.images.original(row)))) {
      if (image) gallery.append(image);
    }
    const mean = await this.images.mean(evenly(withImages, MAX_AVERAGED));
    const title =
      withImages.length > shown.length
        ? `${count(shown.length)} of them, evenly chosen`
        : "All of them";
    const parts: HTMLElement[] = [make("h4", { text: title }), gallery];
    if (mean) {
      mean.classList.add("mean");
      const n = Math.min(withImages.length, MAX_AVERAGED);
      parts.unshift(make("figure", {}, mean, make("figcaption", { text: `mean of ${count(n)}` })));
    }
    return make("div", { class: "selected-images" }, ...parts);
  }

  /** The features in which the selected samples differ most from all others. */
  private async features(): Promise<HTMLElement | null> {
    const columns = await this.session.group("feature");
    const found = differences(columns, this.session.store.selected).slice(0, 8);
    if (!found.length) return null;
    const rows = found.map((one) => {
      const head = make("th", {}, line(one.title, 40));
      head.scope = "row";
      const sign = one.deviations < 0 ? "−" : "+";
      return make(
        "tr",
        {},
        head,
        make("td", { text: formatNumber(one.inside) }),
        make("td", { text: formatNumber(one.outside) }),
        make("td", { text: `${sign}${Math.abs(one.deviations).toFixed(2)} s.d.` }),
      );
    });
    const heads = ["feature", "mean here", "mean of others", "difference"];
    const head = make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { text }))));
    const table = make("table", {}, head, make("tbody", {}, ...rows));
    return make(
      "div",
      {},
      make("h4", { text: "Features that differ most" }),
      make("div", { class: "scroll" }, table),
    );
  }
}

function present(...parts: Array<HTMLElement | null>): HTMLElement[] {
  return parts.filter((one) => one !== null);
}

function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = make("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 60) || "samples";
}
