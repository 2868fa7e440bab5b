/** Turn what pointers and wheels do over a map into panning, zooming, hovering and lassos. */

import type { Store } from "../data/store";
import type { View } from "./view";

const CLICK_PX = 4;

/** What gestures change; a map is one. */
export interface GestureTarget {
  /** Receives pointer events. */
  readonly surface: HTMLCanvasElement;
  readonly parts: { store: Store };
  /** Corners of the lasso that is being drawn, in pixels. */
  lasso: number[];
  /** The nearest shown sample at a point of the screen, or -1. */
  rowAt(px: number, py: number): number;
  hoverAt(px: number, py: number): void;
  changeView(change: (view: View) => void): void;
  /** Select what is inside the lasso. */
  endLasso(isAdded: boolean): void;
  /** Draw what stands above the points at the next frame. */
  invalidateInk(): void;
}

export class Gestures {
  private readonly pointers = new Map<number, [number, number]>();
  private moved = 0;
  private isLasso = false;

  constructor(private readonly map: GestureTarget) {
    const { surface } = map;
    surface.addEventListener("pointerdown", (event) => this.onDown(event));
    surface.addEventListener("pointermove", (event) => this.onMove(event));
    surface.addEventListener("pointerup", (event) => this.onUp(event));
    surface.addEventListener("pointercancel", (event) => this.onCancel(event));
    surface.addEventListener("pointerleave", (event) => {
      // A finger leaves the surface as soon as it is lifted: what it touched is read after that.
      if (event.pointerType !== "touch" && !this.pointers.size) map.parts.store.hover(-1);
    });
    surface.ownerDocument.addEventListener("pointerdown", (event) => {
      const isOutside = !event.composedPath().includes(surface);
      if (event.pointerType === "touch" && isOutside) map.parts.store.hover(-1);
    });
    surface.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    surface.addEventListener("dblclick", (event) =>
      map.changeView((view) => view.zoomAt(event.offsetX, event.offsetY, 2)),
    );
  }

  private onDown(event: PointerEvent): void {
    const { surface, parts } = this.map;
    if (event.button !== 0) return;
    surface.focus({ preventScroll: true });
    surface.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    if (this.pointers.size > 1) {
      this.isLasso = false;
      this.map.lasso = [];
      return;
    }
    this.moved = 0;
    this.isLasso = parts.store.isLassoing || event.shiftKey;
    if (this.isLasso) this.map.lasso = [event.offsetX, event.offsetY];
  }

  private onMove(event: PointerEvent): void {
    const { map } = this;
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      map.hoverAt(event.offsetX, event.offsetY);
      return;
    }
    const [dx, dy] = [event.offsetX - before[0], event.offsetY - before[1]];
    this.moved += Math.abs(dx) + Math.abs(dy);
    if (this.pointers.size === 2) this.pinch(event, before);
    else if (this.isLasso) {
      map.lasso.push(event.offsetX, event.offsetY);
      map.invalidateInk();
    } else if (event.pointerType !== "touch" && this.moved > CLICK_PX)
      map.changeView((view) => view.panBy(dx, dy));
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
  }

  /** Move and zoom by two fingers. */
  private pinch(event: PointerEvent, before: [number, number]): void {
    let other: [number, number] = before;
    for (const [id, at] of this.pointers) if (id !== event.pointerId) other = at;
    const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
    const is = Math.hypot(event.offsetX - other[0], event.offsetY - other[1]);
    const middle = [(event.offsetX + other[0]) / 2, (event.offsetY + other[1]) / 2] as const;
    this.map.changeView((view) => {
      view.panBy((event.offsetX - before[0]) / 2, (event.offsetY - before[1]) / 2);
      if (was > 0 && is > 0) view.zoomAt(...middle, is / was);
    });
  }

  private onUp(event: PointerEvent): void {
    const { map } = this;
    const { store } = map.parts;
    if (!this.pointers.delete(event.pointerId) || this.pointers.size) return;
    if (this.isLasso && this.moved > CLICK_PX) {
      map.endLasso(event.ctrlKey || event.metaKey);
      map.invalidateInk();
    } else if (this.moved <= CLICK_PX) {
      const row = map.rowAt(event.offsetX, event.offsetY);
      map.hoverAt(event.offsetX, event.offsetY);
      if (row >= 0) store.pin(row);
      else if (store.nSelected) store.clear();
    }
    map.lasso = [];
    this.isLasso = false;
  }

  private onCancel(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
    // The page scrolls under a card that stays where it is.
    if (event.pointerType === "touch") this.map.parts.store.hover(-1);
    this.isLasso = false;
    this.map.lasso = [];
    this.map.invalidateInk();
  }

  /** Wheels zoom where the map was clicked, or with Ctrl; elsewhere they scroll the page. */
  private onWheel(event: WheelEvent): void {
    const isMeant = event.ctrlKey || event.metaKey || document.activeElement === this.map.surface;
    if (!isMeant) return;
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? 16 * event.deltaY : event.deltaY;
    const factor = Math.exp(-Math.max(-400, Math.min(400, pixels)) / 400);
    this.map.changeView((view) => view.zoomAt(event.offsetX, event.offsetY, factor));
  }
}
