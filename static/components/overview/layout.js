// @ts-check
// The layout of an overview, in CSS pixels, for drawing and for pointing.

import { large } from "../core/present.js"
import { channelAt } from "./layer-row.js"

/** @import { Box } from "../core/overlay.js" */
/** @import { Cell, Span, LayerRow } from "./layer-row.js" */
/**
 * @typedef {object} Place Where a layer is, below its head.
 * @property {"none" | "maps" | "cells" | "bars"} kind
 * @property {number} columns
 * @property {number} count
 * @property {number} w Of a map, a cell or a bar.
 * @property {number} h
 * @property {number} height Of all.
 * @property {number} head
 * @property {number} y
 * @property {(i: number) => Box} box
 */
/** @typedef {Pick<LayerRow, "shape" | "drawn" | "vector" | "labels" | "kernels" | "large" | "aside">} Shape */

const GAP = 6 // between maps
const THINNEST = 8 // CSS pixels of a map, at least: a picture of one row must be wide enough to point at
const AFTER = 18 // between layers
const [LARGEST, LARGE, KERNEL] = [112, 460, 48] // sides of a map
export const BARS = { most: 26, height: 78, widest: 84, above: 16, below: 18, line: 14, letter: 6.5 }

/** The same, enlarged as much as all text is. */
export function sizesOfBars() {
  const by = large()
  return { height: by * BARS.height, widest: by * BARS.widest, above: by * BARS.above, below: by * BARS.below, line: by * BARS.line, letter: by * BARS.letter }
}

/**
 * @param {number} count
 * @param {number} width
 */
const smallest = (count, width) => (width < 480 ? 40 : 52) * (count > 48 ? 0.7 : 1)

/**
 * The places of all layers below their heads, and the height of all.
 *
 * @param {Shape[]} layers
 * @param {number[]} heads Their heights.
 * @param {number} width
 */
export function layout(layers, heads, width) {
  let top = 0
  const places = layers.map((layer, i) => {
    if (layer.aside) return NOWHERE
    const y = top + heads[i]
    const kind = !layer.vector ? maps : layer.labels.length && layer.drawn <= BARS.most ? bars : cells
    const place = kind(layer, y, width)
    const head = top
    top = y + place.height + AFTER
    return /** @type {Place} */ ({ ...place, head, y })
  })
  return { places, height: Math.max(0, top - AFTER), width }
}

/** @type {Place} */
const NOWHERE = { kind: "none", columns: 1, count: 0, w: 0, h: 0, height: 0, head: 0, y: 0, box: () => [0, 0, 0, 0] }

/**
 * @param {Shape} layer
 * @param {number} y
 * @param {number} room
 * @returns {Omit<Place, "head" | "y">}
 */
function maps({ drawn: count, shape: [, height, width], kernels, large: alone }, y, room) {
  const most = Math.min(large() * (alone ? LARGE : kernels ? KERNEL : LARGEST), room)
  const fair = (room - GAP * (count - 1)) / count
  const least = Math.max(Math.min(fair, most), Math.min(smallest(count, room), most))
  const fitting = Math.max(1, Math.floor((room + GAP + 0.01) / ((least * width) / Math.max(height, width) + GAP)))
  const columns = inRows(count, Math.min(fitting, count))
  const side = Math.max(least, Math.min(most, ((room - GAP * (columns - 1)) / columns) * (Math.max(height, width) / width)))
  const scale = side / Math.max(height, width)
  const [w, h] = [width, height].map(length => Math.max(THINNEST, length * scale))
  return {
    kind: "maps", columns, w, h, count,
    height: Math.ceil(count / columns) * (h + GAP) - GAP,
    box: i => [(i % columns) * (w + GAP), y + Math.floor(i / columns) * (h + GAP), w, h],
  }
}

/**
 * How many maps a row has, so that rows are about equal: 16 maps in one row, or 8 and 8, but never
 * 15 and 1.
 *
 * @param {number} count
 * @param {number} most
 */
export function inRows(count, most) {
  const least = 0.6 * most // fewer would leave too much space empty
  for (let columns = most; columns > least; columns--) if (count % columns === 0) return columns
  return Math.ceil(count / Math.ceil(count / most))
}

/**
 * @param {Shape} layer
 * @param {number} y
 * @param {number} room
 * @returns {Omit<Place, "head" | "y">}
 */
function cells({ drawn: count }, y, room) {
  const side = [[40, 24], [160, 16], [600, 10], [3000, 6]].find(([most]) => count <= most)?.[1] ?? 3
  const columns = Math.max(1, Math.floor(room / side))
  return {
    kind: "cells", columns, w: side, h: side, count,
    height: Math.ceil(count / columns) * side,
    box: i => [(i % columns) * side, y + Math.floor(i / columns) * side, side, side],
  }
}

/**
 * @param {Shape} layer
 * @param {number} y
 * @param {number} room
 * @returns {Omit<Place, "head" | "y">}
 */
function bars({ drawn: count, labels = [] }, y, room) {
  const bar = sizesOfBars()
  const w = Math.min(bar.widest, room / count)
  const second = labels.some(label => label.includes(" ") && label.length * bar.letter > w) ? bar.line : 0
  const height = bar.above + bar.height + bar.below + second
  return { kind: "bars", columns: count, w, h: height, count, height, box: i => [i * w, y, w, height] }
}

/**
 * The cell at a point.
 *
 * @param {{ places: Place[] }} layout
 * @param {Pick<LayerRow, "shape" | "order">[]} layers
 * @param {number} x
 * @param {number} y
 * @returns {Cell | null}
 */
export function at({ places }, layers, x, y) {
  const layer = places.findIndex(place => y >= place.y && y < place.y + place.height)
  if (layer < 0) return null
  const { columns, count, h, w, kind, y: top } = places[layer]
  const gap = kind === "maps" ? GAP : 0
  const [i, j] = [Math.floor((y - top) / (h + gap)), Math.floor(x / (w + gap))]
  const place = i * columns + j
  const [dx, dy] = [x - j * (w + gap), y - top - i * (h + gap)]
  if (x < 0 || j >= columns || place >= count || dx >= w || dy >= h) return null
  const [, height, width] = layers[layer].shape
  return { layer, channel: channelAt(layers[layer], place), row: Math.floor((dy / h) * height), column: Math.floor((dx / w) * width) }
}

/**
 * The rectangle of the cells from `rows` and `columns` inside the map in place `i`.
 *
 * @param {Pick<Place, "box">} place
 * @param {LayerRow["shape"]} shape
 * @param {number} i
 * @param {Span} rows
 * @param {Span} columns
 * @returns {Box}
 */
export function rectangle(place, [, height, width], i, rows, columns) {
  const [x, y, w, h] = place.box(i)
  return [
    x + (columns[0] / width) * w, y + (rows[0] / height) * h,
    ((columns[1] - columns[0] + 1) / width) * w, ((rows[1] - rows[0] + 1) / height) * h,
  ]
}
