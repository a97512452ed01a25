// @ts-check
// How one cell of a map is computed. Nothing here draws or asks the server; the numbers are those that
// cnnviz.experiments.chain computes, for one cell. A chain is a recipe as the message describes it:
// see header.d.ts.

import { ACTIVATIONS } from "./activations.js"

/** @import { Chain, Norm, Pooling } from "./header.js" */

/** @typedef {0 | 1} Axis Down or across. */
/** @typedef {[row: number, column: number]} Place */
/**
 * The exact input: by channel, row and column, on the scale used in the computation.
 *
 * @typedef {{ channels: number, height: number, width: number,
 *   value: (channel: number, row: number, column: number) => number }} Input
 */
/**
 * A tap of the kernel: its weight, the value under it, their product, and the position of that value:
 * `at` on the input, `outside` in the padding; `from` the cell it is copied from, null for a zero.
 *
 * @typedef {{ weight: number, value: number, product: number, at: Place, from: Place | null,
 *   outside: boolean }} Tap
 */
/** @typedef {{ taps: Tap[], sum: number }} Channel */
/**
 * The steps after the sum of a cell: `normalised` is null without batch normalisation.
 *
 * @typedef {{ normalised: number | null, activated: number }} Finished
 */
/** @typedef {Finished & { channels: Channel[], total: number, features: number }} Convolved */
/** @typedef {{ at: Place, outside: boolean, beyond: boolean, value: number }} PoolCell */
/**
 * @typedef {{ kind: Pooling["kind"], cells: PoolCell[], winner: number, result: number, sum: number,
 *   count: number }} Pooled
 */
/** @typedef {[number[], number[], number[], number[]]} Lines Of one axis, for each stage. */

/**
 * Which of the `size` cells of a line is at `index`, which may lie in the padding; −1: none.
 *
 * @param {number} index
 * @param {number} size
 * @param {Chain["mode"]} mode
 */
export function source(index, size, mode) {
  if (index >= 0 && index < size) return index
  if (mode === "replicate") return index < 0 ? 0 : size - 1
  if (mode === "circular") return ((index % size) + size) % size
  if (mode === "reflect") return index < 0 ? -index : 2 * (size - 1) - index
  return -1
}

/**
 * Rows and columns of the kernel.
 *
 * @param {Pick<Chain, "matrices">} chain
 */
export const extent = ({ matrices: [matrix] }) => [matrix.length, matrix[0].length]

/**
 * Whether the cells of the picture reach the pooling unchanged.
 *
 * @param {Chain} chain
 */
export const isUntouched = ({ activation, bias, divisor, matrices: [matrix, ...others], pads, stride }) =>
  activation === "none" && !bias && divisor === 1 && !others.length && String(matrix) === "1" &&
  matrix.length === 1 && String([pads, stride]) === "0,0,0,0,1,1"

/**
 * The lines (rows or columns) of the input that line `o` of the features reads along `axis`.
 *
 * @param {Chain} chain
 * @param {Axis} axis
 * @param {number} o
 */
export const reads = (chain, axis, o) =>
  Array.from({ length: extent(chain)[axis] }, (_, k) =>
    o * chain.stride[axis] - chain.pads[axis][0] + k * chain.dilation[axis])

/**
 * The lines of the features that line `o` of the pooled map reads; those outside are padding.
 *
 * @param {Pooling} pooling
 * @param {Axis} axis
 * @param {number} o
 */
export const poolReads = (pooling, axis, o) =>
  Array.from({ length: pooling.window[axis] }, (_, k) => o * pooling.stride[axis] - pooling.pads[axis] + k)

/**
 * The lines `o` below `count` whose `reads(o)` hold one of `lines`.
 *
 * @param {number[]} lines
 * @param {number} count
 * @param {number} stride
 * @param {(o: number) => number[]} reads
 */
function readers(lines, count, stride, reads) {
  const wanted = new Set(lines)
  if (!wanted.size) return []
  const [first, last] = [Math.min(...lines), Math.max(...lines)]
  const found = []
  // Reads grow with o, so only a stretch around the lines has to be tried.
  const base = reads(0)
  const from = Math.max(0, Math.floor((first - base[base.length - 1]) / stride))
  const to = Math.min(count - 1, Math.ceil((last - base[0]) / stride))
  for (let o = from; o <= to; o++) if (reads(o).some(line => wanted.has(line))) found.push(o)
  return found
}

const unique = (/** @type {number[]} */ lines) => [...new Set(lines)].sort((a, b) => a - b)
const within = (/** @type {number[]} */ lines, /** @type {number} */ size) =>
  lines.filter(line => line >= 0 && line < size)

/**
 * The lines of every stage, along one axis, that belong to `lines` of stage `stage`: those they are
 * computed from, and those they feed. Stages: 0 input, 1 features, 2 activated, 3 pooled.
 * Lines of the input may lie in its padding.
 *
 * @param {Chain} chain
 * @param {Axis} axis
 * @param {number} stage
 * @param {number[]} lines
 * @returns {Lines}
 */
export function trace(chain, axis, stage, lines) {
  const { pooling, sizes } = chain
  const pool = (/** @type {number} */ o) => (pooling ? poolReads(pooling, axis, o) : [o])
  const read = (/** @type {number} */ o) => reads(chain, axis, o)
  let features = lines
  if (stage === 0) features = readers(lines, sizes.features[axis], chain.stride[axis], read)
  else if (stage === 3 && pooling) features = within(unique(lines.flatMap(pool)), sizes.features[axis])
  const input = stage === 0 ? lines : unique(features.flatMap(read))
  if (stage === 3) return [input, features, features, lines]
  const pooled = pooling ? readers(features, sizes.pooled[axis], pooling.stride[axis], pool) : features
  return [input, features, features, pooled]
}

/**
 * The matrix of a channel as it is laid on the picture.
 *
 * @param {Chain} chain
 * @param {number} channel
 */
export const laid = (chain, channel) => {
  const matrix = chain.matrices[channel]
  return chain.flip ? matrix.map(row => [...row].reverse()).reverse() : matrix
}

// As in cnnviz.functional.convolution.
const CANCELLED = 1e-13
const BELOW_WHOLE = 0.5

/**
 * The sum of terms; 0 if it is only what rounding has left of terms that cancel.
 *
 * @param {number[]} terms
 */
function added(terms) {
  const sum = terms.reduce((total, term) => total + term, 0)
  const reach = terms.reduce((total, term) => total + Math.abs(term), 0)
  return Math.abs(sum) <= Math.min(CANCELLED * reach, BELOW_WHOLE) ? 0 : sum
}

/**
 * The convolution at (row, column): one entry per channel with its taps and their sum, and the
 * total.
 *
 * @param {Chain} chain
 * @param {Input} input
 * @param {number} row
 * @param {number} column
 * @returns {Convolved}
 */
export function convolve(chain, input, row, column) {
  const [height, width] = chain.sizes.input
  const [rows, columns] = [reads(chain, 0, row), reads(chain, 1, column)]
  const channels = Array.from({ length: input.channels }, (_, channel) => {
    const weights = laid(chain, channel)
    const taps = rows.flatMap((r, i) => columns.map((c, j) => {
      const [from, to] = [source(r, height, chain.mode), source(c, width, chain.mode)]
      const padded = from < 0 || to < 0
      const value = padded ? 0 : input.value(channel, from, to)
      const weight = weights[i][j]
      return /** @type {Tap} */ ({
        weight, value, product: weight * value, at: [r, c],
        from: padded ? null : [from, to], outside: r !== from || c !== to,
      })
    }))
    return { taps, sum: added(taps.map(tap => tap.product)) }
  })
  const total = added(channels.flatMap(({ taps }) => taps.map(tap => tap.product)))
  const features = total / chain.divisor + chain.bias
  return { channels, total, features, ...finish(chain, features) }
}

/**
 * Apply the activation to a feature, and batch normalisation before or after it.
 *
 * @param {Chain} chain
 * @param {number} features
 * @returns {Finished}
 */
function finish(chain, features) {
  const { norm } = chain
  if (!norm) return { normalised: null, activated: activate(chain, features) }
  const before = norm.place === "before"
  const entering = before ? features : activate(chain, features)
  const normalised = norm.gamma * standard(norm, entering) + norm.beta
  return { normalised, activated: before ? activate(chain, normalised) : entering }
}

/**
 * A number minus the mean of its map, divided by the standard deviation.
 *
 * @param {Norm} norm
 * @param {number} value
 */
export const standard = ({ epsilon, mean, variance }, value) => (value - mean) / Math.sqrt(variance + epsilon)

/**
 * @param {Pick<Chain, "activation" | "parameters">} chain
 * @param {number} value
 */
export const activate = (chain, value) => ACTIVATIONS[chain.activation](value, chain.parameters)

/**
 * The pooling at (row, column): its cells with their values, the winner's index (−1: none), the
 * result; for a mean also the sum and the divisor.
 *
 * @param {Chain & { pooling: Pooling }} chain
 * @param {Input} input
 * @param {number} row
 * @param {number} column
 * @returns {Pooled}
 */
export function pool(chain, input, row, column) {
  const { pooling, sizes } = chain
  const [height, width] = sizes.features
  const [rows, columns] = [poolReads(pooling, 0, row), poolReads(pooling, 1, column)]
  const cells = rows.flatMap(r => columns.map(c => {
    const outside = r < 0 || c < 0 || r >= height || c >= width
    // Cells of a last window that lie beyond even the padding do not exist.
    const beyond = r >= height + pooling.pads[0] || c >= width + pooling.pads[1]
    const value = outside ? NaN : convolve(chain, input, r, c).activated
    return /** @type {PoolCell} */ ({ at: [r, c], outside, beyond, value })
  }))
  const inside = cells.filter(cell => !cell.outside)
  const sum = inside.reduce((total, { value }) => total + value, 0)
  const count = (pooling.include ? cells.filter(cell => !cell.beyond) : inside).length
  if (pooling.kind !== "max") return { kind: pooling.kind, cells, winner: -1, result: sum / count, sum, count }
  const best = inside.reduce((a, b) => (b.value > a.value || Number.isNaN(b.value) ? b : a))
  return { kind: pooling.kind, cells, winner: cells.indexOf(best), result: best.value, sum, count }
}

/**
 * Whether a chain ends in a pooling.
 *
 * @param {Chain} chain
 * @returns {chain is Chain & { pooling: Pooling }}
 */
export const pools = chain => chain.pooling !== null

/**
 * The line of the features whose window is centred nearest to line `line` of the input.
 *
 * @param {Chain} chain
 * @param {Axis} axis
 * @param {number} line
 */
export function nearest(chain, axis, line) {
  const base = reads(chain, axis, 0)
  const centre = (base[0] + base[base.length - 1]) / 2
  const o = Math.round((line - centre) / chain.stride[axis])
  return Math.min(Math.max(o, 0), chain.sizes.features[axis] - 1)
}

/**
 * Every line of the input that tap `k` of the kernel touches, over all positions.
 *
 * @param {Chain} chain
 * @param {Axis} axis
 * @param {number} k
 */
export function touched(chain, axis, k) {
  const all = Array.from({ length: chain.sizes.features[axis] }, (_, o) => reads(chain, axis, o)[k])
  return within(all, chain.sizes.input[axis])
}
