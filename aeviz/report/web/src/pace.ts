/**
 * Keep motion smooth on slow machines: while frames follow each other too slowly, maps draw one
 * point for several. Points are in an order that covers the picture evenly, see
 * `aeviz/browsing.py`, so a part of them has its shape.
 */

/** A frame that is asked for so long after the last one, in milliseconds, begins another motion. */
const PAUSE_MS = 200;
const SLOW_MS = 45;
const FAST_MS = 22;
/** WebGL allows a stride of 255 bytes, and a colour takes four. */
const MOST = 32;

export class Pace {
  private last = -Infinity;
  private learnt = 1;

  /** For how many points one is drawn in a frame of now that was asked for a while ago; 1 at rest. */
  every(now: number, asked: number): number {
    const passed = now - this.last;
    const isMotion = asked - this.last <= PAUSE_MS;
    this.last = now;
    if (!isMotion) return 1;
    if (passed > SLOW_MS) this.learnt = Math.min(MOST, 2 * this.learnt);
    else if (passed < FAST_MS) this.learnt = Math.max(1, this.learnt / 2);
    return this.learnt;
  }
}
