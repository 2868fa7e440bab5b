/**
 * Keep motion smooth on slow machines: while frames follow each other too slowly, maps draw one
 * point for several. Points are in an order that covers the picture evenly, see
 * `aeviz/browsing.py`, so a part of them has its shape.
 */

/** Beyond this, in milliseconds, two frames belong to one motion no more. */
const PAUSE_MS = 200;
const SLOW_MS = 45;
const FAST_MS = 22;
/** WebGL allows a stride of 255 bytes, and a colour takes four. */
const MOST = 32;

export class Pace {
  private last = -Infinity;
  private learnt = 1;

  /** For how many points one is drawn in the frame of a moment; 1 at rest. */
  every(now: number): number {
    const passed = now - this.last;
    this.last = now;
    if (passed > PAUSE_MS) return 1;
    if (passed > SLOW_MS) this.learnt = Math.min(MOST, 2 * this.learnt);
    else if (passed < FAST_MS) this.learnt = Math.max(1, this.learnt / 2);
    return this.learnt;
  }
}
