// @ts-check
// The slopes of the activation functions of cnnviz, for the one number under the cursor.

import { ACTIVATIONS, SELU_ALPHA, SELU_SCALE, complementaryError } from "./activations.js"

/** @import { Curve } from "./activations.js" */

const sigmoid = (/** @type {number} */ x) => ACTIVATIONS.sigmoid(x, {})
const bell = (/** @type {number} */ x) => sigmoid(x) * sigmoid(-x)
const elu = (/** @type {number} */ x, /** @type {number} */ alpha) => (x > 0 ? 1 : alpha * Math.exp(x))

/** @type {Record<string, Curve>} */
export const SLOPES = {
  none: () => 1,
  relu: x => (x > 0 ? 1 : 0),
  leaky_relu: (x, { negative_slope }) => (x > 0 ? 1 : negative_slope),
  prelu: (x, { weight }) => (x > 0 ? 1 : weight),
  elu: (x, { alpha }) => elu(x, alpha),
  selu: x => SELU_SCALE * elu(x, SELU_ALPHA),
  sigmoid: bell,
  tanh: x => 4 * bell(2 * x), // 1 − tanh², without losing digits where tanh is nearly 1
  gelu: x => complementaryError(-x / Math.SQRT2) / 2 + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  silu: x => sigmoid(x) + x * bell(x),
  softplus: sigmoid,
  relu6: x => x > 0 && x < 6 ? 1 : 0,
  hardsigmoid: x => x > -3 && x < 3 ? 1 / 6 : 0,
  hardswish: x => x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5,
}
