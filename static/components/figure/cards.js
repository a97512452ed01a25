// @ts-check
// The cards of a gallery in a figure: every map with its name, its small kernel, and its figures.

import { GREYS, coloured, css, paint, palette, signedLevel } from "../core/colour.js"
import { wrapped } from "./svg.js"

/** @import { Message } from "../core/message.js" */
/** @import { Card, Header } from "../gallery/gallery.js" */
/** @import { Drawing } from "./svg.js" */

const [TITLE, SMALL] = [14, 11] // sizes of letters
const [COLUMNS, GAP] = [6, 16]
const KERNEL = 34 // the longer side of a kernel
const ABOVE = KERNEL + 6

/**
 * Draw all cards from (x, y) on; returns their height.
 *
 * @param {Drawing} drawing
 * @param {Message<Header>} message
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
export function drawCards(drawing, { header, plane }, x, y, width) {
  const side = (width - GAP * (COLUMNS - 1)) / COLUMNS
  const [maps, weights] = [header.table, header.kernelTable].map(table => palette(plane(table[drawing.look.theme], 3 * 256)))
  let top = y
  for (let first = 0; first < header.cards.length; first += COLUMNS) {
    top += GAP + Math.max(...header.cards.slice(first, first + COLUMNS).map((card, i) => {
      const canvas = document.createElement("canvas")
      const { height, offset, picture, width: across } = card
      paint(canvas, [height, across], coloured(plane(offset, height * across), picture ? GREYS : maps))
      return drawCard(drawing, card, canvas.toDataURL(), weights, [x + i * (side + GAP), top, side])
    }))
  }
  return top - y
}

/**
 * @param {Drawing} drawing
 * @param {Card} card
 * @param {string} map
 * @param {Uint32Array} weights The colours of a kernel.
 * @param {[x: number, y: number, side: number]} place
 */
function drawCard(drawing, { figures, height, matrices: [matrix], title, width }, map, weights, [x, y, side]) {
  const cell = KERNEL / Math.max(matrix.length, matrix[0].length)
  const strongest = Math.max(...matrix.flat().map(Math.abs)) || 1
  matrix.forEach((row, i) => row.forEach((weight, j) => drawing.rect(
    [x + side - (row.length - j) * cell, y + i * cell, cell, cell], { fill: css(weights[signedLevel(weight, strongest)]) })))
  wrapped(title, TITLE * 1.1, side - KERNEL - 6).slice(0, 2).forEach((text, i) =>
    drawing.text(text, x, y + TITLE + i * (TITLE + 2), TITLE, { bold: true }))
  // A map much wider than high, or much higher than wide, is centred in its place.
  const scale = side / Math.max(height, width)
  const [w, h] = [width * scale, height * scale]
  const [left, top] = [x + (side - w) / 2, y + ABOVE]
  drawing.image(map, [left, top, w, h], { cells: scale > 1 })
  drawing.rect([left, top, w, h], { fill: "none", stroke: drawing.look.line })
  const lines = wrapped(figures, SMALL, side, " · ")
  lines.forEach((text, i) => drawing.text(text, x, top + h + SMALL + 4 + i * (SMALL + 3), SMALL, { colour: drawing.look.quiet }))
  return ABOVE + h + 6 + lines.length * (SMALL + 3)
}
