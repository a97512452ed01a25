// @ts-check
// What a cell of an overview sees in the strips before it.
//
// A region that is null is nothing. A vector is so many maps of one cell.

/** @import { Cell, Region, Span, Strip, Window } from "./strip.js" */
/** @typedef {Pick<Strip, "shape" | "windows" | "groups"> & Partial<Pick<Strip, "flat" | "kernels">>} Layer */

/**
 * @param {Span} span
 * @param {number} count
 * @returns {Span}
 */
const clip = ([first, last], count) => [Math.max(first, 0), Math.min(last, count - 1)]

/** @param {Region} region */
const filled = region => Object.values(region).every(([first, last]) => first <= last)

/**
 * @param {Strip["shape"]} shape
 * @returns {Region}
 */
const whole = ([channels, height, width]) => ({ channels: [0, channels - 1], rows: [0, height - 1], columns: [0, width - 1] })

/**
 * The region of the strip `before` that a region of `strip` sees.
 *
 * @param {Layer} strip
 * @param {Layer} before
 * @param {Region} region
 * @returns {Region | null}
 */
export function seen(strip, before, region) {
  if (strip.flat) return unflattened(before.shape, region.channels)
  if (!strip.windows) return whole(before.shape)
  const perGroup = (/** @type {number} */ count) => count / strip.groups
  const group = (/** @type {number} */ channel) => Math.floor(channel / perGroup(strip.shape[0]))
  const [first, last] = region.channels.map(group)
  const [channels, height, width] = before.shape
  /** @type {Region} */
  const found = {
    channels: [first * perGroup(channels), (last + 1) * perGroup(channels) - 1],
    rows: clip(along(strip.windows[0], region.rows), height),
    columns: clip(along(strip.windows[1], region.columns), width),
  }
  return filled(found) ? found : null
}

/**
 * The lines that a window sees from those of its strip.
 *
 * @param {Window} window
 * @param {Span} span
 * @returns {Span}
 */
const along = ([kernel, stride, padding, dilation], [from, to]) =>
  [from * stride - padding, to * stride - padding + dilation * (kernel - 1)]

/**
 * The cells of maps that the cells `first` to `last` of the vector are.
 *
 * @param {Strip["shape"]} shape
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
 * For every strip what the cell { strip, channel, row, column } sees there; null for nothing. In a
 * flattened vector right after it, where the cell goes.
 *
 * @param {Layer[]} strips
 * @param {Cell} cell
 */
export function trace(strips, { strip: index, channel, row, column }) {
  /** @type {(Region | null)[]} */
  const regions = strips.map(() => null)
  /** @type {Region | null} */
  let region = { channels: [channel, channel], rows: [row, row], columns: [column, column] }
  regions[index] = region
  let here = strips[index]
  if (here.kernels) return regions
  for (let i = index - 1; i >= 0 && region; i--) {
    if (strips[i].kernels) continue
    region = regions[i] = seen(here, strips[i], region)
    here = strips[i]
  }
  const next = strips.findIndex((strip, i) => i > index && !strip.kernels)
  if (strips[next]?.flat) {
    const [, height, width] = strips[index].shape
    const unit = (channel * height + row) * width + column
    regions[next] = { channels: [unit, unit], rows: [0, 0], columns: [0, 0] }
  }
  return regions
}
