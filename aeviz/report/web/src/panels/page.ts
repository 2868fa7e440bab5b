/** The live page: maps instead of the static figures, with their controls and panels. */

import { Card } from "./card";
import { Decoder } from "../decoder/decoder";
import { make } from "../dom";
import { Bookmark } from "./bookmark";
import { showPlane, interpolationPanel } from "../decoder/live_decoders";
import { Legend } from "./legend";
import { SampleImages } from "../decoder/sample_images";
import type { Manifest } from "../data/manifest";
import type { EmbeddingMap, Plot } from "../map/map";
import { Transition } from "./transition";
import type { Payload } from "../data/payload";
import { Reconstructions } from "../decoder/reconstructions";
import { SelectionPanel } from "./selection";
import { Session } from "../map/session";
import { toolbar, type Toolbar } from "./toolbar";

const hint = (hasNeighbors: boolean) =>
  `Point at a sample to see it${hasNeighbors ? ", with lines to its nearest in the data" : ""}. ` +
  "Drag to move, click and scroll to zoom, hold Shift and drag to select. A click pins a sample.";

export class LivePage {
  private legend!: Legend;
  private bar!: Toolbar;
  private bookmark!: Bookmark;
  private card: Card | null = null;
  private readonly images: SampleImages;

  private constructor(
    private readonly document: Document,
    private readonly session: Session,
    private readonly spoken: HTMLElement,
  ) {
    this.images = new SampleImages(session);
  }

  /** A page that can be started, or null, with a line that says so, without WebGL 2. */
  static create(document: Document, manifest: Manifest, payload: Payload): LivePage | null {
    const spoken = make("div", { class: "unseen" });
    spoken.setAttribute("aria-live", "polite");
    let page: LivePage | null = null;
    const session = Session.create(document, manifest, payload, (row) => page?.say(row));
    if (!session) {
      const told = make("p", {
        class: "hint",
        text: "This browser has no WebGL 2, so the maps below are static images.",
      });
      document.querySelector("#embeddings .summary")?.after(told);
      return null;
    }
    page = new LivePage(document, session, spoken);
    return page;
  }

  async start(): Promise<void> {
    const { session, document } = this;
    this.bookmark = new Bookmark(session, window);
    await session.load(this.bookmark.linked?.color ?? "");
    document.body.append(this.spoken);
    // The first map is drawn before anything else is unpacked.
    const figures = [...document.querySelectorAll<HTMLElement>("figure[data-embedding]")];
    for (const figure of figures) await this.insertMap(figure, figure.dataset.embedding!);
    this.explorer();
    await session.loadRest();
    const { manifest, payload } = session;
    const reconstructions = await Reconstructions.of(manifest.decoders, payload);
    this.card = new Card(session, this.images, reconstructions);
    document.body.append(this.card.element);
    await this.card.prepare();
    this.below(reconstructions);
    await this.planes();
    this.bookmark.follow(this.legend, this.bar);
    document.documentElement.classList.add("alive");
    performance.mark("aeviz-alive");
  }

  /** What the console and tests may ask for. */
  handle(): Record<string, unknown> {
    const { session } = this;
    const decoders = new Map<string, Promise<Decoder>>();
    return Object.freeze({
      store: session.store,
      maps: session.maps,
      decode: async (encoder: string, code: number[]) => {
        const spec = session.manifest.decoders.find((one) => one.encoder === encoder);
        if (!spec?.layers.length) throw new Error(`the page cannot run a decoder of ${encoder}`);
        if (!decoders.has(encoder)) decoders.set(encoder, Decoder.from(spec, session.payload));
        return [...(await decoders.get(encoder)!).run(Float32Array.from(code), 1)];
      },
    });
  }

  /** Replace the static image of a figure by a map. */
  private async insertMap(figure: HTMLElement, key: string): Promise<EmbeddingMap | null> {
    const embedding = this.session.manifest.embeddings.find((one) => one.key === key);
    const host = figure.querySelector(".figure-image");
    if (!embedding || !host) return null;
    const map = this.session.map(await this.session.plot(embedding));
    host.append(map.element);
    map.layOut();
    figure.classList.add("live");
    if (this.session.maps.length === 1)
      requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("aeviz-first-map")));
    return map;
  }

  /** The controls and the legend above the maps. */
  private explorer(): void {
    const { session, document } = this;
    const section = document.getElementById("embeddings");
    this.legend = new Legend(session.store, session.added);
    this.bar = toolbar(session, (row) => this.goTo(row));
    const show = () => this.legend.show(session.colored, session.ramps);
    session.store.on("color", show);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      this.legend.show(session.colored, session.ramps, this.legend.hiddenCodes),
    );
    show();
    if (!section) return;
    const box = make("div", { class: "explorer" }, this.bar.element, this.legend.element);
    box.append(make("p", { class: "hint", text: hint(session.manifest.neighbors !== null) }));
    for (const note of session.manifest.notes) box.append(make("p", { class: "hint", text: note }));
    const key = section.querySelector<HTMLElement>(":scope > .key");
    if (key) key.replaceWith(box);
    else section.querySelector(".summary")?.after(box);
  }

  /** What stands below the maps: the selection, and the transition from one map to another. */
  private below(reconstructions: Reconstructions): void {
    const { session, document } = this;
    const section = document.getElementById("embeddings");
    if (!section) return;
    const panel = new SelectionPanel(session, this.images);
    section.append(make("h3", { class: "on-screen", text: "The selection" }), panel.element);
    const plots = session.manifest.embeddings
      .map((embedding) => session.plots.get(embedding.key))
      .filter((plot): plot is Plot => plot !== undefined);
    if (plots.length > 1) {
      const transition = new Transition(document, inOrder(plots), session.parts());
      session.maps.push(transition.map);
      section.append(
        make("h3", { class: "on-screen", text: "From one map to another" }),
        transition.element,
      );
      transition.map.layOut();
    }
    const between = interpolationPanel(session, this.images, reconstructions);
    if (between)
      section.append(make("h3", { class: "on-screen", text: "Between two samples" }), between);
  }

  /** Latent planes with their decoders. */
  private async planes(): Promise<void> {
    const { session, document } = this;
    for (const figure of document.querySelectorAll<HTMLElement>("figure[data-plane]")) {
      const kind = figure.dataset.plane!;
      const map = await this.insertMap(figure, `${kind}_latent`);
      if (map) map.isQuiet = true;
      const spec = session.manifest.decoders.find((one) => one.encoder === kind);
      if (map && spec) await showPlane(session, figure, map, spec);
    }
  }

  /** Pin a sample and bring it into the view of every map. */
  private goTo(row: number): void {
    const { store, maps } = this.session;
    if (!store.pinned.includes(row)) store.pin(row);
    for (const map of maps) {
      const [px, py] = map.toScreen(row);
      const isSeen = px > 0 && py > 0 && px < map.view.width && py < map.view.height;
      if (!isSeen && Number.isFinite(map.plot.xs[row]!))
        map.changeView((view) => {
          view.x = map.plot.xs[row]!;
          view.y = map.plot.ys[row]!;
        });
    }
    store.hover(row);
    this.say(row);
  }

  private say(row: number): void {
    const label = this.session.labelOf(row);
    const id = this.session.ids[row] ?? String(row);
    const { added } = this.session;
    const isNew = added !== null && row >= added.first;
    const outlier = isNew && added.isOutlier(row) ? ", outlier" : "";
    const sample = `${isNew ? "New sample" : "Sample"} ${id}`;
    this.spoken.textContent = (label ? `${sample}, label ${label}` : sample) + outlier;
    // Keys move no pointer for the card to stand by.
    const map = this.session.maps.find((one) => one.surface === this.document.activeElement);
    if (!map) return;
    const { left, top } = map.surface.getBoundingClientRect();
    const [px, py] = map.toScreen(row);
    this.card?.at(left + px, top + py);
  }
}

/** PCA first, then the others, latent planes last. */
function inOrder(plots: readonly Plot[]): Plot[] {
  const rank = ({ key, hasAxes }: Plot) => (key.endsWith("_latent") ? 2 : hasAxes ? 0 : 1);
  return [...plots].sort((a, b) => rank(a) - rank(b));
}
