// The exact numbers of a cell of a map: those of the arithmetic, computed here, or those that the
// message brings.

import { convolve, pool } from "./arithmetic.js"

/** The exact numbers of a cell: three for a picture in colour, else one. */
export function values(view, row, column) {
  const { input } = view.board
  const { role, channel, channels } = view.pane
  if (!role) return given(view, row, column)
  if (role === "picture") return Array.from({ length: channels }, (_, c) => input.value(c, row, column))
  if (role === "plane") return [input.value(channel, row, column)]
  if (role === "loss") return [lost(view, row, column)]
  if (role === "pooling" && view.chain.pooling) return [pool(view.chain, input, row, column).result]
  const { channels: parts, features, activated } = convolve(view.chain, input, row, column)
  if (role === "part") return [parts[channel].sum / view.chain.divisor]
  return [role === "convolution" ? features : activated]
}

/** What a cell had more than the pooled map, laid over the picture, has at its place. */
function lost(view, row, column) {
  const { chain } = view.pane
  const { height, place, width } = view.header.panes.find(pane => pane.chain === chain && pane.role === "pooling")
  const [top, left, down, across] = place
  const nearest = (line, edge, step, count) => Math.min(Math.max(0, Math.floor((line + 0.5 - edge) / step)), count - 1)
  const cell = [nearest(row, top, down, height), nearest(column, left, across, width)]
  const { input } = view.board
  return convolve(view.chain, input, row, column).activated - pool(view.chain, input, ...cell).result
}

/** The numbers of a cell that belongs to no arithmetic; none of a large map. */
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
