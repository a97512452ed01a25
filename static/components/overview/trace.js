// @ts-check
// What a cell of an overview sees in the layers before it.
//
// A region that is null is empty. A vector counts as maps of one cell each.

/** @import { Cell, Region, Span, LayerRow, Window } from "./layer-row.js" */
/** @typedef {Pick<LayerRow, "shape" | "windows" | "groups"> & Partial<Pick<LayerRow, "channels" | "flat" | "kernels">>} Layer */

/**
 * @param {Span} span
 * @param {number} count
 * @returns {Span}
 */
const clip = ([first, last], count) => [Math.max(first, 0), Math.min(last, count - 1)]

/** @param {Region} region */
const filled = region => Object.values(region).every(([first, last]) => first <= last)

/**
 * @param {LayerRow["shape"]} shape
 * @returns {Region}
 */
const whole = ([channels, height, width]) => ({ channels: [0, channels - 1], rows: [0, height - 1], columns: [0, width - 1] })

/**
 * The region of the layer `before` that a region of `layer` sees.
 *
 * @param {Layer} layer
 * @param {Layer} before
 * @param {Region} region
 * @returns {Region | null}
 */
export function seen(layer, before, region) {
  if (layer.flat) return unflattened(before.shape, region.channels)
  if (!layer.windows) return whole(before.shape)
  const [channels, height, width] = before.shape
  /** @type {Region} */
  const found = {
    channels: channelsSeen(layer, channels, region.channels),
    rows: clip(along(layer.windows[0], region.rows), height),
    columns: clip(along(layer.windows[1], region.columns), width),
  }
  return filled(found) ? found : null
}

/**
 * The maps of a layer before, `count` of them, that some maps of a layer see.
 *
 * @param {Layer} layer
 * @param {number} count
 * @param {Span} span
 * @returns {Span}
 */
function channelsSeen(layer, count, span) {
  if (layer.channels?.length) {
    const chosen = layer.channels.slice(span[0], span[1] + 1)
    return [Math.min(...chosen), Math.max(...chosen)]
  }
  const perGroup = (/** @type {number} */ all) => all / layer.groups
  const [first, last] = span.map(channel => Math.floor(channel / perGroup(layer.shape[0])))
  return [first * perGroup(count), (last + 1) * perGroup(count) - 1]
}

/**
 * The lines that a window sees, given those of its layer.
 *
 * @param {Window} window
 * @param {Span} span
 * @returns {Span}
 */
const along = ([kernel, stride, padding, dilation], [from, to]) =>
  [from * stride - padding, to * stride - padding + dilation * (kernel - 1)]

/**
 * The cells of maps that became the cells `first` to `last` of the vector.
 *
 * @param {LayerRow["shape"]} shape
 * @param {Span} span
 * @returns {Region}
 */
function unflattened([channels, height, width], [first, last]) {
  const at = (/** @type {number} */ index) => [Math.floor(index / (height * width)), Math.floor(index / width) % height, index % width]
  const [[channel, row, column], [lastChannel, lastRow, lastColumn]] = [at(first), at(last)]
  if (channel !== lastChannel) return { ...whole([channels, height, width]), channels: [channel, lastChannel] }
  if (row !== lastRow) return { channels: [channel, channel], rows: [row, lastRow], columns: [0, width - 1] }
  return { channels: [channel, channel], rows: [row, row], columns: [column, lastColumn] }
}

/**
 * For every layer, the region that the cell { layer, channel, row, column } sees there; null for
 * nothing. In a flattened vector right after the cell's layer: the element that the cell becomes.
 *
 * @param {Layer[]} layers
 * @param {Cell} cell
 */
export function trace(layers, { layer: index, channel, row, column }) {
  /** @type {(Region | null)[]} */
  const regions = layers.map(() => null)
  /** @type {Region | null} */
  let region = { channels: [channel, channel], rows: [row, row], columns: [column, column] }
  regions[index] = region
  let here = layers[index]
  if (here.kernels) return regions
  for (let i = index - 1; i >= 0 && region; i--) {
    if (layers[i].kernels) continue
    region = regions[i] = seen(here, layers[i], region)
    here = layers[i]
  }
  const next = layers.findIndex((layer, i) => i > index && !layer.kernels)
  if (layers[next]?.flat) {
    const [, height, width] = layers[index].shape
    const unit = (channel * height + row) * width + column
    regions[next] = { channels: [unit, unit], rows: [0, 0], columns: [0, 0] }
  }
  return regions
}
