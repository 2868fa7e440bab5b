/** The part of an embedding that a map shows: its centre, and pixels per unit. */

export type Box = readonly [left: number, right: number, bottom: number, top: number];

const MARGIN = 0.035;
const MAX_ZOOM = 2000;

export class View {
  x = 0;
  y = 0;
  scale = 1;
  /** How many times the scale is that at which the whole embedding is in view. */
  get zoom(): number {
    return this.scale / this.fitted;
  }
  /** Whether the whole embedding is in view, as at first. */
  get isWhole(): boolean {
    const [left, right, bottom, top] = this.box;
    const isMiddle = this.x === (left + right) / 2 && this.y === (bottom + top) / 2;
    return isMiddle && Math.abs(this.zoom - 1) < 1e-9;
  }
  private fitted = 1;

  constructor(
    readonly box: Box,
    public width = 1,
    public height = 1,
  ) {
    this.fit();
  }

  /** Show the whole embedding. */
  fit(): void {
    const [left, right, bottom, top] = this.box;
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
    this.fitted = this.fittingScale();
    this.scale = this.fitted;
  }

  /** Keep what is seen, in a map of another size. */
  resize(width: number, height: number): void {
    const zoom = this.zoom;
    this.width = width;
    this.height = height;
    this.fitted = this.fittingScale();
    this.scale = zoom * this.fitted;
  }

  private fittingScale(): number {
    const [left, right, bottom, top] = this.box;
    const inside = 1 - 2 * MARGIN;
    const scales = [this.width / (right - left), this.height / (top - bottom)].filter(
      Number.isFinite,
    );
    return scales.length ? inside * Math.min(...scales) : 1;
  }

  toScreen(x: number, y: number): [number, number] {
    return [
      (x - this.x) * this.scale + this.width / 2,
      this.height / 2 - (y - this.y) * this.scale,
    ];
  }

  toData(px: number, py: number): [number, number] {
    return [
      (px - this.width / 2) / this.scale + this.x,
      (this.height / 2 - py) / this.scale + this.y,
    ];
  }

  panBy(dx: number, dy: number): void {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
  }

  /** Zoom so that what is at a place of the screen stays there. */
  zoomAt(px: number, py: number, factor: number): void {
    const [x, y] = this.toData(px, py);
    const zoom = Math.min(MAX_ZOOM, Math.max(0.5, this.zoom * factor));
    this.scale = zoom * this.fitted;
    const [nowX, nowY] = this.toData(px, py);
    this.x += x - nowX;
    this.y += y - nowY;
  }

  /** What is in view. */
  bounds(): Box {
    const [left, top] = this.toData(0, 0);
    const [right, bottom] = this.toData(this.width, this.height);
    return [left, right, bottom, top];
  }

  /** Factor and summand that take coordinates of 0..1 in the box to those of the screen, -1..1. */
  clip(): { factor: [number, number]; summand: [number, number] } {
    const [left, right, bottom, top] = this.box;
    const kx = (2 * this.scale) / this.width;
    const ky = (2 * this.scale) / this.height;
    return {
      factor: [(right - left) * kx, (top - bottom) * ky],
      summand: [(left - this.x) * kx, (bottom - this.y) * ky],
    };
  }

  /** Three numbers for a link, and back. */
  save(): number[] {
    return [this.x, this.y, this.zoom];
  }

  restore([x, y, zoom]: number[]): void {
    if (![x, y, zoom].every(Number.isFinite) || !(zoom! > 0)) return;
    const [left, right, bottom, top] = this.box;
    // A link may be from anyone: the centre stays within one width of the embedding.
    const [width, height] = [right - left, top - bottom];
    this.x = Math.min(right + width, Math.max(left - width, x!));
    this.y = Math.min(top + height, Math.max(bottom - height, y!));
    this.scale = Math.min(MAX_ZOOM, Math.max(0.5, zoom!)) * this.fitted;
  }
}
