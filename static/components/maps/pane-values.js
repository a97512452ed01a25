// @ts-check
// The exact numbers of a cell of a map: computed here as in the arithmetic, or taken from the
// message.

import { convolve, pool, pools } from "./arithmetic.js"

/** @import { Input } from "./arithmetic.js" */
/** @import { Chain } from "./header.js" */
/** @import { Pane } from "./pane.js" */

/**
 * The exact numbers of a cell: three for a picture in colour, else one.
 *
 * @param {Pane} view
 * @param {number} row
 * @param {number} column
 * @returns {number[]}
 */
export function values(view, row, column) {
  const { chain, board: { input } } = view
  const { role, channel, channels } = view.pane
  if (!role || !input || !chain) return given(view, row, column)
  if (role === "picture") return Array.from({ length: channels }, (_, c) => input.value(c, row, column))
  if (role === "plane") return [input.value(channel, row, column)]
  if (role === "loss") return unread(chain, row, column) ? [] : [lost(view, input, row, column)]
  if (role === "pooling" && pools(chain)) return [pool(chain, input, row, column).result]
  const { channels: parts, features, normalised, activated } = convolve(chain, input, row, column)
  if (role === "part") return [parts[channel].sum / chain.divisor]
  if (role === "normalised") return normalised === null ? [] : [normalised]
  return [role === "convolution" ? features : activated]
}

/**
 * Whether no pooling window reads a cell; such a cell is not pooled and loses nothing.
 *
 * @param {Chain} chain
 * @param {number} row
 * @param {number} column
 */
const unread = ({ unread: [, , cells] }, row, column) => Boolean(cells && (cells[0].includes(row) || cells[1].includes(column)))

/**
 * By how much a cell exceeds the pooled map at its place, if that map is laid over the picture.
 *
 * @param {Pane} view
 * @param {Input} input
 * @param {number} row
 * @param {number} column
 */
function lost({ chain, header, pane }, input, row, column) {
  const pooled = header.panes.find(other => other.chain === pane.chain && other.role === "pooling")
  if (!pooled || !chain || !pools(chain)) return NaN
  const [top, left, down, across] = pooled.place
  const nearest = (/** @type {number} */ place, /** @type {number} */ count) =>
    Math.min(Math.max(0, Math.floor(place)), count - 1)
  const [i, j] = [nearest((row + 0.5 - top) / down, pooled.height), nearest((column + 0.5 - left) / across, pooled.width)]
  return convolve(chain, input, row, column).activated - pool(chain, input, i, j).result
}

/**
 * The numbers of a cell that belongs to no arithmetic; none for a large map.
 *
 * @param {Pane} view
 * @param {number} row
 * @param {number} column
 */
function given(view, row, column) {
  const { black, channels, height, numbers: offset, picture, white, width } = view.pane
  const [index, size] = [row * width + column, height * width]
  if (picture) {
    return Array.from({ length: channels }, (_, c) =>
      black + (view.bytes[c * size + index] * (white - black)) / 255)
  }
  if (offset === null) return []
  view.exact ??= new Float64Array(view.plane(offset, 8 * size).slice().buffer)
  return [view.exact[index]]
}
