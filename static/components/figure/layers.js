// @ts-check
// The rows of an overview in a figure: every map as a picture, short vectors as bars.

import { coloured, paint } from "../core/colour.js"
import { short } from "../core/numbers.js"
import { names } from "../overview/bars.js"
import { colouring, thumbnails } from "../overview/thumbnails.js"
import { BARS, layout } from "../overview/layout.js"
import { widthOf } from "./svg.js"

/** @import { Thumbnails } from "../overview/thumbnails.js" */
/** @import { Place } from "../overview/layout.js" */
/** @import { Overview } from "../overview/overview.js" */
/** @import { LayerRow } from "../overview/layer-row.js" */
/** @import { Drawing } from "./svg.js" */

const [TITLE, SMALL] = [15, 12] // sizes of letters
const HEAD = TITLE + 9

/**
 * Draw all rows of an overview from (x, y) on; returns their height.
 *
 * @param {Drawing} drawing
 * @param {Overview} overview
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
export function drawLayers(drawing, { exact, header, plane, layers }, x, y, width) {
  const colours = colouring(header, plane, drawing.look.theme)
  const { height, places } = layout(layers, layers.map(() => HEAD), width)
  layers.forEach((layer, i) => {
    const place = places[i]
    if (place.kind === "none") return
    drawing.text(layer.title, x, y + place.head + TITLE, TITLE, { bold: true })
    drawing.text(layer.figures, x + widthOf(layer.title, 1.1 * TITLE) + 12, y + place.head + TITLE, SMALL, { colour: drawing.look.quiet })
    const drawn = { layer, place, numbers: [...(exact[i] ?? [])], ...thumbnails(layer, plane, colours(layer)) }
    if (place.kind === "maps") drawMaps(drawing, drawn, x, y)
    else if (place.kind === "cells") drawCells(drawing, drawn, x, y)
    else drawBars(drawing, drawn, x, y)
  })
  return height
}

/** @typedef {Thumbnails & { layer: LayerRow, place: Place, numbers: number[] }} Row */

/**
 * @param {Drawing} drawing
 * @param {Row} row
 * @param {number} left
 * @param {number} top
 */
function drawMaps(drawing, { maps, place, layer }, left, top) {
  const [height, width] = layer.size
  const [, rows, columns] = layer.shape
  // The last block may hold fewer cells, and the map ends where its cells do.
  const [down, right] = [rows / layer.block[0], columns / layer.block[1]]
  maps.forEach((map, i) => {
    const [x, y, w, h] = place.box(i)
    const whole = right === width && down === height
    const clip = whole ? "" : drawing.clip([left + x, top + y, w, h])
    drawing.image(map.toDataURL(), [left + x, top + y, (w * width) / right, (h * height) / down], { cells: width < w, clip })
    drawing.rect([left + x - 0.5, top + y - 0.5, w + 1, h + 1], { fill: "none", stroke: drawing.look.line })
  })
}

/**
 * @param {Drawing} drawing
 * @param {Row} row
 * @param {number} left
 * @param {number} top
 */
function drawCells(drawing, { colours, levels, place }, left, top) {
  const columns = Math.min(place.count, place.columns)
  for (let first = 0, row = 0; first < place.count; first += columns, row++) {
    const some = levels.subarray(first, Math.min(first + columns, place.count))
    const canvas = document.createElement("canvas")
    paint(canvas, [1, some.length], coloured(some, colours))
    const [x, y, w, h] = place.box(first)
    drawing.image(canvas.toDataURL(), [left + x, top + y, some.length * w, h])
  }
  const [, y] = place.box(0)
  drawing.rect([left - 0.5, top + y - 0.5, columns * place.w + 1, place.height + 1], { fill: "none", stroke: drawing.look.line })
}

/**
 * @param {Drawing} drawing
 * @param {Row} row
 * @param {number} left
 * @param {number} top
 */
function drawBars(drawing, { numbers, place, layer }, left, top) {
  const { accent, ink, line } = drawing.look
  const [low, high] = [Math.min(0, ...numbers), Math.max(0, ...numbers)]
  const level = (/** @type {number} */ value) => ((high - value) / (high - low || 1)) * BARS.height
  const { size, lines } = names(layer, place, BARS, (text, size, width) => widthOf(text, size) <= width)
  numbers.forEach((value, i) => {
    const [x, y, w] = place.box(i)
    const base = top + y + BARS.above
    const [zero, end] = [base + level(0), base + level(value)]
    const best = value === Math.max(...numbers)
    drawing.rect([left + x + 0.14 * w, Math.min(zero, end), 0.72 * w, Math.max(1, Math.abs(end - zero))], {
      fill: accent, ...(best ? {} : { "fill-opacity": 0.45 }),
    })
    const middle = left + x + w / 2
    drawing.text(short(value, w < 40 ? 2 : 3), middle, Math.min(zero, end) - 5, 11, { anchor: "middle", colour: ink })
    lines[i].forEach((text, line) =>
      drawing.text(text, middle, base + BARS.height + BARS.line * (1 + line), size, { anchor: "middle", colour: ink }))
  })
  const y = top + place.box(0)[1] + BARS.above + level(0)
  drawing.add("path", { d: `M${left} ${y.toFixed(1)}h${(place.count * place.w).toFixed(1)}`, stroke: line })
}
