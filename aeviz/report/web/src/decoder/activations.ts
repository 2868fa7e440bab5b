/** Keras's activation functions. */
import type { ActivationLayer } from "../data/manifest";

type Of = (x: number) => number;

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

const sigmoid: Of = (x) => 1 / (1 + Math.exp(-x));

const PLAIN: Record<string, Of> = {
  relu: (x) => (x > 0 ? x : 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  selu: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x * sigmoid(x),
  sigmoid,
  tanh: Math.tanh,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  softsign: (x) => x / (1 + Math.abs(x)),
  exponential: Math.exp,
};

/** The step of an activation layer; it changes the values that it gets. */
export function activation(layer: ActivationLayer): (values: Float32Array) => Float32Array {
  if (layer.name === "softmax") return softmax(layer.width ?? 1);
  const f = functionOf(layer);
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = f(values[i]);
    return values;
  };
}

function functionOf({ name, slope = 1 }: ActivationLayer): Of {
  if (name === "leaky_relu") return (x) => (x > 0 ? x : slope * x);
  if (name === "elu") return (x) => (x > 0 ? x : slope * Math.expm1(x));
  if (!Object.hasOwn(PLAIN, name)) throw new Error(`unknown activation ${name}`);
  return PLAIN[name];
}

function softmax(width: number): (values: Float32Array) => Float32Array {
  return (values) => {
    for (let start = 0; start < values.length; start += width) {
      const row = values.subarray(start, start + width);
      const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
      let sum = 0;
      for (let i = 0; i < width; i++) sum += row[i] = Math.exp(row[i] - most);
      for (let i = 0; i < width; i++) row[i] /= sum;
    }
    return values;
  };
}

/** The error function within 1.5e-7: Abramowitz and Stegun, formula 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const [a, b, c, d, e] = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];
  const tail = t * (a + t * (b + t * (c + t * (d + t * e)))) * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}
