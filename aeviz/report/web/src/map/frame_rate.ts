/**
 * Smooth motion on slow machines: while frames are slow, maps draw every second, fourth, ... point.
 * The order of the points covers the embedding evenly (see `aeviz/runs/page_samples.py`), so a part
 * of them has its shape.
 */

/** A frame requested this many milliseconds after the last one begins another motion. */
const PAUSE_MS = 200;
const SLOW_MS = 45;
const FAST_MS = 22;
/** WebGL allows a stride of 255 bytes, and a colour takes four. */
const MAX_STRIDE = 32;

export class FrameRate {
  private last = -Infinity;
  private stride = 1;

  /** Draw one point per this many in a frame requested at `asked` and drawn `now`; 1 at rest. */
  every(now: number, asked: number): number {
    const passed = now - this.last;
    const isMotion = asked - this.last <= PAUSE_MS;
    this.last = now;
    if (!isMotion) return 1;
    if (passed > SLOW_MS) this.stride = Math.min(MAX_STRIDE, 2 * this.stride);
    else if (passed < FAST_MS) this.stride = Math.max(1, this.stride / 2);
    return this.stride;
  }
}
