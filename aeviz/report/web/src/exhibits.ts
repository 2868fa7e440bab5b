/** Put the live decoder into the page: on latent planes, and between two pinned samples. */

import { make } from "./dom";
import type { SampleLooks } from "./looks";
import { drawsOf } from "./lookup";
import type { DecoderSpec } from "./manifest";
import type { EmbeddingMap } from "./map";
import { LatentPlane, type MapLike } from "./plane";
import type { Reconstructions } from "./reconstructions";
import type { Session } from "./session";
import { Slide } from "./slide";

/** Make a figure's plane live: a map in its place and the decoder beside it. */
export async function showPlane(
  session: Session,
  figure: HTMLElement,
  map: EmbeddingMap,
  spec: DecoderSpec,
): Promise<void> {
  const draws = await drawsOf(spec, session.payload);
  const gallery = figure.parentElement;
  if (!draws || !gallery) return;
  const host = make("div", { class: "plane-host" });
  const still = gallery.querySelector<HTMLElement>("figure[data-manifold]");
  // On tables the plane stands alone on its side, with figures of features on the other.
  if (still) {
    still.replaceWith(host);
    gallery.classList.add("with-plane");
  } else gallery.parentElement!.after(host);
  const { look } = session.manifest;
  new LatentPlane({
    host,
    map: mapLike(map, session.added?.first),
    spec,
    draws,
    look,
    ramp: () => session.ramps.values,
  });
}

/** A map of its first samples: new ones say nothing of where the decoder learnt. */
function mapLike(map: EmbeddingMap, n?: number): MapLike {
  const overlay = make("div", { class: "overlay" });
  map.surface.after(overlay);
  return {
    element: map.surface,
    overlay,
    toData: (px, py) => map.view.toData(px, py),
    toScreen: (x, y) => map.view.toScreen(x, y),
    bounds: () => [...map.view.bounds()],
    onView: (callback) => map.onView(callback),
    x: map.plot.xs.subarray(0, n),
    y: map.plot.ys.subarray(0, n),
  };
}

/** What lies between the two samples that were pinned last, through each decoder in turn. */
export function slides(
  session: Session,
  looks: SampleLooks,
  reconstructions: Reconstructions,
): HTMLElement | null {
  const first = reconstructions.all[0];
  if (!first) return null;
  const { store } = session;
  const told = make("p", {
    class: "hint",
    text: "Click two samples, A and B, and see what the decoder makes of the way between them.",
  });
  const host = make("div", { class: "between" }, told);
  const slide = new Slide({
    host,
    draws: first.decoder,
    look: session.manifest.look,
    codeOf: first.codeOf,
    original: (row) => {
      if (!session.sprites?.has(row)) return null;
      const place = make("div");
      void looks.original(row).then((picture) => picture && place.append(picture));
      return place;
    },
    name: (row) => [session.labelOf(row), session.ids[row]].filter(Boolean).join(", "),
  });
  const update = () => {
    const [a, b] = store.pinned;
    const isBoth = a !== undefined && b !== undefined;
    told.hidden = isBoth;
    slide.element.hidden = !isBoth;
    if (isBoth) slide.show(a, b);
  };
  store.on("pin", update);
  update();
  return host;
}
