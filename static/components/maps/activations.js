// @ts-check
// The activation functions of cnnviz, for the one number under the cursor.

export const SELU_SCALE = 1.0507009873554805
export const SELU_ALPHA = 1.6732632423543772

/** @typedef {(x: number, parameters: Record<string, number>) => number} Curve */

const elu = (/** @type {number} */ x, /** @type {number} */ alpha) => (x > 0 ? x : alpha * Math.expm1(x))
const sigmoid = (/** @type {number} */ x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** @type {Record<string, Curve>} */
export const ACTIVATIONS = {
  none: x => x,
  relu: x => (x > 0 || Number.isNaN(x) ? x : 0),
  leaky_relu: (x, { negative_slope }) => (x > 0 ? x : negative_slope * x),
  prelu: (x, { weight }) => (x > 0 ? x : weight * x),
  elu: (x, { alpha }) => elu(x, alpha),
  selu: x => SELU_SCALE * elu(x, SELU_ALPHA),
  sigmoid,
  tanh: Math.tanh,
  gelu: x => (x * complementaryError(-x / Math.SQRT2)) / 2,
  silu: x => x * sigmoid(x),
  softplus: x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  relu6: x => Math.min(Math.max(x, 0), 6),
  hardsigmoid: x => Math.min(Math.max(x + 3, 0), 6) / 6,
  hardswish: x => (x <= -3 ? 0 : (x * Math.min(x + 3, 6)) / 6),
}

/**
 * erfc(x): a power series near 0, a continued fraction further out (both to double precision).
 *
 * @param {number} x
 * @returns {number}
 */
export function complementaryError(x) {
  if (x < 0) return 2 - complementaryError(-x)
  if (x > 27) return 0
  if (x < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n
      sum += term / (2 * n + 1)
      if (n > 200) break
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum
  }
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction)
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction)
}
