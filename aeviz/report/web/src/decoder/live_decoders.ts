/** Live decoders of the page: on latent planes, and between two pinned samples. */

import { make } from "../dom";
import type { SampleImages } from "./sample_images";
import { decoderOf } from "./lookup";
import type { DecoderSpec } from "../data/manifest";
import type { EmbeddingMap } from "../map/map";
import { LatentPlane, type MapLike } from "./latent_plane";
import type { Reconstructions } from "./reconstructions";
import type { Session } from "../map/session";
import { Interpolation } from "./interpolation";

/** Put a live decoder next to the map of a latent plane. */
export async function showPlane(
  session: Session,
  figure: HTMLElement,
  map: EmbeddingMap,
  spec: DecoderSpec,
): Promise<void> {
  const decoder = await decoderOf(spec, session.payload);
  const gallery = figure.parentElement;
  if (!decoder || !gallery) return;
  const host = make("div", { class: "plane-host" });
  const still = gallery.querySelector<HTMLElement>("figure[data-manifold]");
  // On tables the plane stands alone on its side, with figures of features on the other.
  if (still) {
    still.replaceWith(host);
    gallery.classList.add("with-plane");
  } else gallery.parentElement!.after(host);
  const { format } = session.manifest;
  new LatentPlane({
    host,
    map: mapLike(map, session.added?.first),
    spec,
    decoder,
    format,
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
export function interpolationPanel(
  session: Session,
  images: SampleImages,
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
  const interpolation = new Interpolation({
    host,
    decoder: first.decoder,
    format: session.manifest.format,
    codeOf: first.codeOf,
    original: (row) => {
      if (!session.sprites?.has(row)) return null;
      const holder = make("div");
      void images.original(row).then((image) => image && holder.append(image));
      return holder;
    },
    name: (row) => [session.labelOf(row), session.ids[row]].filter(Boolean).join(", "),
  });
  const update = () => {
    const [a, b] = store.pinned;
    const isBoth = a !== undefined && b !== undefined;
    told.hidden = isBoth;
    interpolation.element.hidden = !isBoth;
    if (isBoth) interpolation.show(a, b);
  };
  store.on("pin", update);
  update();
  return host;
}
