/** Let a pointer choose points and paths on a plane, and mark them there. */

export type Point = [x: number, y: number];

/** A place where the plane is drawn. Screen coordinates are CSS pixels from its top left. */
export interface Surface {
  /** Receives pointer events. */
  element: HTMLElement;
  /** Lies over it, of the same size, and lets pointers through: marks are drawn there. */
  overlay: HTMLElement;
  toData(px: number, py: number): Point;
  toScreen(x: number, y: number): Point;
}

export interface PointerTarget {
  /** The pointer is at a point. */
  onPoint(at: Point): void;
  /** The pointer draws a path, which `isDone` ends. */
  onPath(from: Point, to: Point, isDone: boolean): void;
  /** Whether a drag draws a path without Shift. */
  drawsPaths(): boolean;
}

const SVG = "http://www.w3.org/2000/svg";

/** Listens on one surface until the signal ends it. */
export class PlanePointer {
  readonly #surface: Surface;
  readonly #target: PointerTarget;
  #from: Point | null = null;

  constructor(surface: Surface, target: PointerTarget, signal: AbortSignal) {
    this.#surface = surface;
    this.#target = target;
    const { element } = surface;
    // Capturing, so that a path that is drawn does not also move the map beneath it.
    const options = { capture: true, signal };
    element.addEventListener("pointerdown", (event) => this.#down(event), options);
    element.addEventListener("pointermove", (event) => this.#move(event), options);
    for (const end of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(end, (event) => this.#up(event), options);
    }
  }

  #at(event: PointerEvent): Point {
    const box = this.#surface.element.getBoundingClientRect();
    return this.#surface.toData(event.clientX - box.left, event.clientY - box.top);
  }

  #down(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    const at = this.#at(event);
    if (!event.shiftKey && !this.#target.drawsPaths()) {
      this.#target.onPoint(at);
      return;
    }
    event.stopImmediatePropagation();
    event.preventDefault();
    this.#surface.element.setPointerCapture(event.pointerId);
    this.#from = at;
  }

  #move(event: PointerEvent): void {
    if (!event.isPrimary) return;
    const at = this.#at(event);
    if (this.#from) {
      event.stopImmediatePropagation();
      this.#target.onPath(this.#from, at, false);
    } else if (event.buttons === 0 || event.pointerType !== "mouse") {
      this.#target.onPoint(at);
    }
  }

  #up(event: PointerEvent): void {
    if (!this.#from || !event.isPrimary) return;
    event.stopImmediatePropagation();
    if (event.type === "pointerup") this.#target.onPath(this.#from, this.#at(event), true);
    this.#from = null;
  }
}

/** The point that is decoded and the path, drawn over a surface. */
export class PlaneMarks {
  readonly #surface: Surface;
  readonly #svg = document.createElementNS(SVG, "svg");
  readonly #cross = document.createElementNS(SVG, "g");
  readonly #path = document.createElementNS(SVG, "g");

  constructor(surface: Surface) {
    this.#surface = surface;
    this.#svg.classList.add("plane-marks");
    this.#svg.setAttribute("aria-hidden", "true");
    for (const className of ["halo", "mark"]) {
      const lines = drawn(this.#cross, "path", className);
      lines.setAttribute("d", "M-14 0H-4M4 0H14M0 -14V-4M0 4V14");
      drawn(this.#path, "path", className);
    }
    this.#svg.append(this.#path, this.#cross);
    surface.overlay.append(this.#svg);
  }

  show(at: Point, path: [Point, Point] | null): void {
    const [x, y] = this.#surface.toScreen(...at);
    this.#cross.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    this.#path.toggleAttribute("hidden", !path);
    const d = path
      ? pathData(path.map((point) => this.#surface.toScreen(...point)) as [Point, Point])
      : "";
    for (const lines of this.#path.children) lines.setAttribute("d", d);
  }

  remove(): void {
    this.#svg.remove();
  }
}

/** A line with a ring around its beginning and its end. */
function pathData([from, to]: [Point, Point]): string {
  const ring = ([x, y]: Point) =>
    `M${(x - 4).toFixed(1)} ${y.toFixed(1)}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0`;
  const line = `M${from.map((v) => v.toFixed(1)).join(" ")}L${to.map((v) => v.toFixed(1)).join(" ")}`;
  return line + ring(from) + ring(to);
}

function drawn(parent: Element, tag: string, className: string): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  element.classList.add(className);
  parent.append(element);
  return element;
}
