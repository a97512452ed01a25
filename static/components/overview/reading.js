// @ts-check
// What an overview says about a cell: where it is, its value, and what it sees of the picture.

import { fixed, short } from "../core/numbers.js"

import { placeOf } from "./layer-row.js"

/** @import { Cell, Region, LayerRow } from "./layer-row.js" */

/**
 * Lines of text: where the cell is, its value (approximate if the exact one was not sent), what it
 * sees. `levels` and `exact` are those of the cell's layer.
 *
 * @param {LayerRow[]} layers
 * @param {Cell} cell
 * @param {(Region | null)[]} regions
 * @param {{ levels: Uint8Array, exact: Float32Array | null, covered?: boolean }} values `covered`: a class is asked for them.
 */
export function reading(layers, cell, regions, { levels, exact, covered = false }) {
  const layer = layers[cell.layer]
  const [channels, height, width] = layer.shape
  const index = (placeOf(layer, cell.channel) * height + cell.row) * width + cell.column
  let value
  if (covered) value = "Hidden until it is answered."
  else if (exact) value = short(exact[index])
  else value = `≈ ${rough(layer, levels[drawn(layer, cell)])}${blocks(layer)}`
  return [...where(layer, cell, channels, height * width), value, ...sight(layers, cell, regions)]
}

/**
 * The index of a cell's level; several cells may be drawn as one.
 *
 * @param {LayerRow} layer
 * @param {Cell} cell
 */
function drawn({ order, size: [height, width], block }, { channel, row, column }) {
  const [i, j] = [Math.floor(row / block[0]), Math.floor(column / block[1])]
  return (placeOf({ order }, channel) * height + i) * width + j
}

/** @param {LayerRow} layer */
const blocks = ({ block: [rows, columns] }) => (rows * columns > 1 ? ` (mean of ${rows} × ${columns} cells)` : "")

/**
 * A value as read from its colour, one of 255 steps, with as many decimals as these justify.
 *
 * @param {LayerRow} layer
 * @param {number} level
 */
export function rough({ limit, picture, grey }, level) {
  const step = limit / (picture ? 255 : grey ? 254 : 127)
  return fixed(step * (picture || grey ? level : level - 127), Math.max(0, Math.ceil(-Math.log10(step))))
}

/**
 * @param {LayerRow} layer
 * @param {Cell} cell
 * @param {number} channels
 * @param {number} cells
 */
function where(layer, { channel, row, column }, channels, cells) {
  if (layer.vector) {
    const name = layer.labels[channel]
    return [`${layer.title} · ${name === undefined ? `number ${channel} of ${channels}` : name}`]
  }
  const map = channels > 1 || layer.kernels ? ` · ${layer.kernels ? "filter" : "map"} ${channel}` : ""
  return [`${layer.title}${map}${cells > 1 ? ` · row ${row}, column ${column}` : ""}`]
}

/**
 * @param {LayerRow[]} layers
 * @param {Cell} cell
 * @param {(Region | null)[]} regions
 */
function sight(layers, { layer: index }, regions) {
  const picture = layers.findIndex(layer => layer.picture)
  if (layers[index].kernels) return ["A weight of the filter."]
  if (picture < 0 || picture >= index) return []
  const region = regions[picture]
  if (!region) return ["Sees only the padding."]
  const [[top, bottom], [left, right]] = [region.rows, region.columns]
  const [, height, width] = layers[picture].shape
  if (bottom - top + 1 === height && right - left + 1 === width) return ["Sees all of the picture."]
  const size = top === bottom && left === right ? "1 cell" : `${bottom - top + 1} × ${right - left + 1} cells`
  return [`Sees ${size} of the picture: ${lines("row", top, bottom)}, ${lines("column", left, right)}.`]
}

/**
 * Lines in words: "row 5", or "rows 5 to 7".
 *
 * @param {string} name
 * @param {number} first
 * @param {number} last
 */
const lines = (name, first, last) => (first === last ? `${name} ${first}` : `${name}s ${first} to ${last}`)
