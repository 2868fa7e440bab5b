/** The URL fragment: written when the state of the page changes, and applied when it is opened. */

import { read, write, type PageState } from "../data/fragment";
import type { Legend } from "./legend";
import type { Change, Origin } from "../data/store";
import type { Session } from "../map/session";
import type { Toolbar } from "./toolbar";

const PAUSE_MS = 300;
const CHANGES: Change[] = ["pin", "select", "color", "filter", "style", "view"];

export class Bookmark {
  /** What the address said when the page was opened. */
  readonly linked: PageState | null;
  private timer = 0;
  private isFollowing = false;

  constructor(
    private readonly session: Session,
    private readonly window: Window,
  ) {
    this.linked = read(window.location.hash);
  }

  /** Do what the address says, now and whenever it changes, and write every change into it. */
  follow(legend: Legend, toolbar: Toolbar): void {
    if (this.linked) this.apply(this.linked, legend);
    toolbar.refresh();
    for (const change of CHANGES) this.session.store.on(change, () => this.later(legend));
    this.window.addEventListener("hashchange", ({ newURL }) => {
      // What was about to be written is of before, and may already stand in the address.
      this.window.clearTimeout(this.timer);
      const state = read(new URL(newURL).hash);
      if (!state) return;
      void this.session.colorBy(state.color).then(() => {
        this.apply(state, legend);
        toolbar.refresh();
        this.later(legend);
      });
    });
  }

  private apply(state: PageState, legend: Legend): void {
    const { store, maps, colored, ramps } = this.session;
    this.isFollowing = true;
    store.pointSize = state.size;
    store.opacity = state.opacity;
    store.notify("style");
    legend.show(colored, ramps, state.hidden);
    legend.hideSources(state.hiddenSources);
    for (const map of maps) {
      const view = state.views[this.keyOf(map)];
      if (view) map.changeView((one) => one.restore(view));
      else if (!map.view.isWhole) map.changeView((one) => one.fit());
    }
    store.pinned = state.pinned.filter((row) => row < store.nSamples);
    store.notify("pin");
    if (state.origin) this.select(state.origin);
    else if (store.origin) store.clear();
    this.isFollowing = false;
    this.window.document.getElementById("embeddings")?.scrollIntoView();
  }

  private select(origin: Origin): void {
    const { store, maps } = this.session;
    if (origin.kind === "rows") {
      store.select(
        origin.rows.filter((row) => row < store.nSamples),
        origin,
      );
    } else if (origin.kind === "lasso") {
      const map = maps.find((one) => one.plot.key === origin.embedding);
      if (map) store.select(map.index.inside(origin.polygon), origin);
    } else {
      const column = this.session.columns.find((one) => one.key === origin.column);
      if (column)
        void this.session.column(column).then(({ values }) => {
          const rows = [...values.keys()].filter((row) => values[row] === origin.code);
          store.select(rows, origin);
        });
    }
  }

  /** The key of a map's embedding; with a number for a second map of the same one. */
  private keyOf(map: Session["maps"][number]): string {
    const same = this.session.maps.filter((one) => one.plot.key === map.plot.key);
    const number = same.indexOf(map);
    return number > 0 ? `${map.plot.key} ${number}` : map.plot.key;
  }

  private later(legend: Legend): void {
    if (this.isFollowing) return;
    this.window.clearTimeout(this.timer);
    this.timer = this.window.setTimeout(() => this.write(legend), PAUSE_MS);
  }

  private write(legend: Legend): void {
    const { store, maps } = this.session;
    const views: Record<string, number[]> = {};
    for (const map of maps) if (!map.view.isWhole) views[this.keyOf(map)] = map.view.save();
    const fragment = write({
      color: store.color,
      hidden: legend.hiddenCodes,
      hiddenSources: legend.hiddenSources,
      pinned: store.pinned,
      origin: store.origin,
      size: store.pointSize,
      opacity: store.opacity,
      views,
    });
    try {
      this.window.history.replaceState(null, "", fragment);
    } catch {
      // A page inside a frame without an address of its own has none to change.
    }
  }
}
