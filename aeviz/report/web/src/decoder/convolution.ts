/**
 * Convolve images, up-sample them before it, or transpose a convolution.
 *
 * Outputs are taken in phases. Along an axis, every output of one phase sees the same entries
 * of the kernel at the same distances, so each phase is a plain convolution with a kernel of
 * its own: up-sampled by two, a kernel of three pixels is two kernels of two, which is less
 * than half of the products in two dimensions.
 */
import type { ConvLayer } from "../data/manifest";
import { multiplier, type Multiply } from "./multiply";

/** Outputs `number`, `number + nPhases`, ... along an axis, which all see the kernel alike. */
interface Phase {
  number: number;
  nPhases: number;
  nOutputs: number;
  /** By how many inputs one of them lies behind the one before it. */
  step: number;
  /** The nearest input that the first of them reads. */
  first: number;
  /** For each input from there on, the entries of the kernel that meet it. */
  taps: number[][];
}

/** A phase of both axes, with its product from patches of the inputs to channels. */
interface Part {
  rows: Phase;
  columns: Phase;
  multiply: Multiply;
}

/** The step of a convolution; `kernel` is of the shape `size` [height, width, in, out]. */
export function convolution(
  layer: ConvLayer,
  kernel: Float32Array,
  size: number[],
  bias?: Float32Array,
): (values: Float32Array, count: number) => Float32Array {
  const parts: Part[] = [];
  for (const rows of phases(layer, 0, size[0])) {
    for (const columns of phases(layer, 1, size[1])) {
      const nIn = rows.taps.length * columns.taps.length * size[2];
      const summed = gathered(kernel, size, rows.taps, columns.taps);
      parts.push({ rows, columns, multiply: multiplier(summed, nIn, size[3], bias) });
    }
  }
  const nIn = layer.inputs.reduce((a, b) => a * b);
  const nOut = layer.outputs.reduce((a, b) => a * b);
  return (values, count) => {
    const result = new Float32Array(count * nOut);
    for (let i = 0; i < count; i++) {
      const image = values.subarray(i * nIn, (i + 1) * nIn);
      const drawn = result.subarray(i * nOut, (i + 1) * nOut);
      for (const part of parts) convolve(image, drawn, layer, part);
    }
    return result;
  };
}

function phases(layer: ConvLayer, axis: 0 | 1, nEntries: number): Phase[] {
  const [up, stride, pad] = [layer.up[axis], layer.stride[axis], layer.pad[axis]];
  const nPhases = layer.transposed ? stride : up;
  return Array.from({ length: nPhases }, (_, number) => {
    const met = Array.from({ length: nEntries }, (_, k) =>
      layer.transposed
        ? (number + pad - k) / stride
        : Math.floor((number * stride + k * layer.dilation[axis] - pad) / up),
    );
    const whole = met.filter(Number.isInteger);
    const first = Math.min(...whole);
    const nTaps = whole.length ? Math.max(...whole) - first + 1 : 0;
    const taps = Array.from({ length: nTaps }, (_, j) =>
      [...met.keys()].filter((k) => met[k] === first + j),
    );
    const nOutputs = Math.max(0, Math.ceil((layer.outputs[axis] - number) / nPhases));
    const step = layer.transposed ? 1 : stride;
    return { number, nPhases, nOutputs, step, first, taps };
  });
}

/** The kernel of a phase: sums of the entries that meet the same input. */
function gathered(
  kernel: Float32Array,
  [, width, nIn, nOut]: number[],
  rows: number[][],
  columns: number[][],
): Float32Array {
  const size = nIn * nOut;
  const result = new Float32Array(rows.length * columns.length * size);
  rows.forEach((rowEntries, i) =>
    columns.forEach((columnEntries, j) => {
      const at = (i * columns.length + j) * size;
      for (const r of rowEntries) {
        for (const c of columnEntries) {
          const from = (r * width + c) * size;
          for (let k = 0; k < size; k++) result[at + k] += kernel[from + k];
        }
      }
    }),
  );
  return result;
}

function convolve(image: Float32Array, drawn: Float32Array, layer: ConvLayer, part: Part): void {
  const { rows, columns, multiply } = part;
  const [, width, channels] = layer.outputs;
  const patchSize = rows.taps.length * columns.taps.length * layer.inputs[2];
  const patches = new Float32Array(columns.nOutputs * patchSize);
  const line = new Float32Array(columns.nOutputs * channels);
  for (let row = 0; row < rows.nOutputs; row++) {
    gatherPatches(image, patches, layer, part, row);
    multiply(patches, columns.nOutputs, line);
    const start = (row * rows.nPhases + rows.number) * width;
    for (let column = 0; column < columns.nOutputs; column++) {
      const at = (start + column * columns.nPhases + columns.number) * channels;
      for (let c = 0; c < channels; c++) drawn[at + c] = line[column * channels + c];
    }
  }
}

/** Write what the outputs of one row see of the inputs, side by side. */
function gatherPatches(
  image: Float32Array,
  patches: Float32Array,
  layer: ConvLayer,
  { rows, columns }: Part,
  row: number,
): void {
  const [height, width, channels] = layer.inputs;
  const nTaps = columns.taps.length;
  let at = 0;
  for (let column = 0; column < columns.nOutputs; column++) {
    const left = column * columns.step + columns.first;
    for (let tap = 0; tap < rows.taps.length; tap++) {
      const y = row * rows.step + rows.first + tap;
      for (let x = left; x < left + nTaps; x++) {
        const isInside = y >= 0 && y < height && x >= 0 && x < width;
        const from = (y * width + x) * channels;
        for (let c = 0; c < channels; c++) patches[at++] = isInside ? image[from + c] : 0;
      }
    }
  }
}
