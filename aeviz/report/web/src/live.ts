/** Put live maps in the places of the page's figures, and everything that belongs to them. */

import { Card } from "./card";
import { Decoder } from "./decoder";
import { make } from "./dom";
import { Bookmark } from "./bookmark";
import { showPlane, slides } from "./exhibits";
import { Legend } from "./legend";
import { SampleLooks } from "./looks";
import type { Manifest } from "./manifest";
import type { EmbeddingMap, Plot } from "./map";
import { Morph } from "./morph";
import type { Payload } from "./payload";
import { Reconstructions } from "./reconstructions";
import { SelectionPanel } from "./selection";
import { Session } from "./session";
import { toolbar, type Toolbar } from "./toolbar";

const HINT =
  "Point at a sample to see it, with lines to its nearest in the data. Drag to move, click and " +
  "scroll to zoom, hold Shift and drag to select. A click pins a sample.";

export class LivePage {
  private legend!: Legend;
  private bar!: Toolbar;
  private bookmark!: Bookmark;
  private card: Card | null = null;
  private readonly looks: SampleLooks;

  private constructor(
    private readonly document: Document,
    private readonly session: Session,
    private readonly spoken: HTMLElement,
  ) {
    this.looks = new SampleLooks(session);
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
        text: "This browser has no WebGL 2, so the maps below are pictures.",
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
    const figures = [...document.querySelectorAll<HTMLElement>("figure[data-picture]")];
    for (const figure of figures) await this.place(figure, figure.dataset.picture!);
    this.explorer();
    await session.loadRest();
    const { manifest, payload } = session;
    const reconstructions = await Reconstructions.of(manifest.decoders, payload);
    this.card = new Card(session, this.looks, reconstructions);
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

  /** Put a map into a figure in place of its picture. */
  private async place(figure: HTMLElement, key: string): Promise<EmbeddingMap | null> {
    const picture = this.session.manifest.pictures.find((one) => one.key === key);
    const host = figure.querySelector(".picture");
    if (!picture || !host) return null;
    const map = this.session.map(await this.session.plot(picture));
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
    const show = () => this.legend.show(session.painted, session.ramps);
    session.store.on("color", show);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      this.legend.show(session.painted, session.ramps, this.legend.hiddenCodes),
    );
    show();
    if (!section) return;
    const box = make("div", { class: "explorer" }, this.bar.element, this.legend.element);
    box.append(make("p", { class: "hint", text: HINT }));
    for (const note of session.manifest.notes) box.append(make("p", { class: "hint", text: note }));
    const key = section.querySelector<HTMLElement>(":scope > .key");
    if (key) key.replaceWith(box);
    else section.querySelector(".summary")?.after(box);
  }

  /** What stands below the maps: the selection, and one picture moving into another. */
  private below(reconstructions: Reconstructions): void {
    const { session, document } = this;
    const section = document.getElementById("embeddings");
    if (!section) return;
    const panel = new SelectionPanel(session, this.looks);
    section.append(make("h3", { text: "The selection" }), panel.element);
    const plots = session.manifest.pictures
      .map((picture) => session.plots.get(picture.key))
      .filter((plot): plot is Plot => plot !== undefined);
    if (plots.length > 1) {
      const morph = new Morph(document, inOrder(plots), session.parts());
      session.maps.push(morph.map);
      section.append(make("h3", { text: "From one picture to another" }), morph.element);
      morph.map.layOut();
    }
    const between = slides(session, this.looks, reconstructions);
    if (between) section.append(make("h3", { text: "Between two samples" }), between);
  }

  /** Latent planes with their decoders. */
  private async planes(): Promise<void> {
    const { session, document } = this;
    for (const figure of document.querySelectorAll<HTMLElement>("figure[data-plane]")) {
      const kind = figure.dataset.plane!;
      const map = await this.place(figure, `${kind}_latent`);
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
    const unlike = isNew && added.isUnlike(row) ? ", unlike the run’s samples" : "";
    const sample = `${isNew ? "New sample" : "Sample"} ${id}`;
    this.spoken.textContent = (label ? `${sample}, label ${label}` : sample) + unlike;
    // Keys move no pointer for the card to stand by.
    const map = this.session.maps.find((one) => one.surface === this.document.activeElement);
    if (!map) return;
    const { left, top } = map.surface.getBoundingClientRect();
    const [px, py] = map.toScreen(row);
    this.card?.at(left + px, top + py);
  }
}

/** PCA first, then the others, latent planes last: from the plain picture to the others. */
function inOrder(plots: readonly Plot[]): Plot[] {
  const place = ({ key, hasAxes }: Plot) => (key.endsWith("_latent") ? 2 : hasAxes ? 0 : 1);
  return [...plots].sort((a, b) => place(a) - place(b));
}
