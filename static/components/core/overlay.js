// @ts-check
// Draws over the cells of a map: numbers, padding, marks.

import { onTop } from "./colour.js"
import { pen } from "./dom.js"
import { short } from "./numbers.js"
import { large } from "./present.js"

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {[x: number, y: number, width: number, height: number]} Box CSS pixels. */
/** @typedef {(row: number, column: number) => Box} Rectangle Where a cell lies on the canvas. */

export const NUMBERS_FROM = 22 // CSS pixels per cell from which its edge is drawn, and its number if that fits
const SMALLEST_MARK = 9 // CSS pixels; a mark around less would not be seen
export const AMBER = "#ffb000"
const EDGE = "rgb(128 140 160 / 45%)" // the edge of a cell, on any colour

const [SMALLEST, LARGEST] = [12, 15] // CSS pixels of a number in a cell
const DIGITS = [undefined, 3, 2, 1] // significant digits: as elsewhere, or as many as fit in all visible cells
const [AIR, MORE_AIR] = [2, 6] // CSS pixels between numbers of neighbouring cells: at least, and if there is room
const NARROWED = 0.9 // how far a text may be narrowed to fit one more digit

/**
 * The values of cells as texts of one size, with as many digits as fit in all of them; null where they
 * would be unreadable.
 *
 * @param {number[][]} cells The values of each, one per line.
 * @param {readonly [width: number, height: number]} room In a cell, in CSS pixels.
 * @param {(text: string) => number} wide The width of a text as a share of its font size.
 * @param {number} [largest]
 */
export function fitted(cells, [width, height], wide, largest = LARGEST) {
  const lines = Math.max(...cells.map(values => values.length))
  const tall = ((lines > 1 ? 0.9 : 0.75) * height) / lines
  for (const digits of DIGITS) {
    const texts = cells.map(values => values.map(value => short(value, digits)))
    const longest = Math.max(...[...new Set(texts.flat())].map(wide))
    const size = Math.min((width - AIR) / (NARROWED * longest), tall, largest)
    if (size >= SMALLEST) return { texts, size: Math.min(size, Math.max(SMALLEST, (width - MORE_AIR) / longest)) }
  }
  return null
}

let family = "" // font of all text on maps; asking for it forces a layout of the page

/**
 * Write the value of every visible cell, where it can be read.
 *
 * @param {Context} context
 * @param {[firstRow: number, lastRow: number, firstColumn: number, lastColumn: number]} cells
 * @param {Rectangle} rectangle
 * @param {(row: number, column: number) => number[]} values The values of a cell, one per line.
 * @param {(row: number, column: number) => number} colour Of the cell itself.
 */
export function numbers(context, cells, rectangle, values, colour) {
  const [fromRow, toRow, fromColumn, toColumn] = cells
  const [, , width, height] = rectangle(fromRow, fromColumn)
  /** @type {[row: number, column: number][]} */
  const places = []
  for (let row = fromRow; row <= toRow; row++) {
    for (let column = fromColumn; column <= toColumn; column++) places.push([row, column])
  }
  family ||= getComputedStyle(context.canvas).fontFamily
  context.font = `${SMALLEST}px ${family}`
  const wide = (/** @type {string} */ text) => context.measureText(text).width / SMALLEST
  const found = fitted(places.map(place => values(...place)), [width / large(), height / large()], wide)
  if (!found) return
  const { texts } = found
  const size = large() * found.size
  context.font = `${size}px ${family}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  places.forEach((place, i) => {
    const [x, y] = rectangle(...place)
    const middle = (texts[i].length - 1) / 2
    context.fillStyle = onTop(colour(...place))
    texts[i].forEach((text, line) =>
      context.fillText(text, x + width / 2, y + height / 2 + (line - middle) * size * 1.1, width - AIR))
  })
}

/**
 * Draw the edges of the visible cells: without them, neighbours of equal value would merge.
 *
 * @param {Context} context
 * @param {number[]} cells First and last row, first and last column.
 * @param {Rectangle} rectangle
 */
export function edges(context, [fromRow, toRow, fromColumn, toColumn], rectangle) {
  const [left, top] = rectangle(fromRow, fromColumn)
  const [right, bottom] = rectangle(toRow + 1, toColumn + 1)
  context.beginPath()
  for (let row = fromRow; row <= toRow + 1; row++) {
    const [, y] = rectangle(row, fromColumn)
    context.moveTo(left, y)
    context.lineTo(right, y)
  }
  for (let column = fromColumn; column <= toColumn + 1; column++) {
    const [x] = rectangle(fromRow, column)
    context.moveTo(x, top)
    context.lineTo(x, bottom)
  }
  context.strokeStyle = EDGE
  context.lineWidth = 1
  context.stroke()
}

/**
 * Adjacent lines as stretches: [[first, last], …].
 *
 * @param {number[]} lines
 */
export function stretches(lines) {
  /** @type {[number, number][]} */
  const found = []
  for (const line of lines) {
    const last = found[found.length - 1]
    if (last && line === last[1] + 1) last[1] = line
    else found.push([line, line])
  }
  return found
}

/**
 * Mark the cells where `rows` and `columns` cross: "cell" in hand, "window", or "source".
 *
 * @param {Context} context
 * @param {number[]} rows
 * @param {number[]} columns
 * @param {Rectangle} rectangle
 * @param {"cell" | "window" | "source"} kind
 * @param {string} accent
 */
export function mark(context, rows, columns, rectangle, kind, accent) {
  for (const [top, bottom] of stretches(rows)) {
    for (const [left, right] of stretches(columns)) {
      const [x0, y0] = rectangle(top, left)
      const [x1, y1, w, h] = rectangle(bottom, right)
      frame(context, [x0, y0, x1 + w - x0, y1 + h - y0], kind, accent)
    }
  }
}

/**
 * @param {Context} context
 * @param {Box} cells
 * @param {"cell" | "window" | "source"} kind
 * @param {string} accent
 */
function frame(context, cells, kind, accent) {
  const box = grown(cells, SMALLEST_MARK)
  context.setLineDash(kind === "source" ? [3, 3] : [])
  context.lineWidth = 4
  context.strokeStyle = "rgb(0 0 0 / 55%)"
  context.strokeRect(...box)
  context.lineWidth = 2
  context.strokeStyle = kind === "cell" ? AMBER : accent
  context.strokeRect(...box)
  context.setLineDash([])
}

/**
 * A rectangle, enlarged if it is too small to be seen.
 *
 * @param {Box} box
 * @param {number} smallest
 * @returns {Box}
 */
export function grown([x, y, width, height], smallest) {
  const [moreX, moreY] = [width, height].map(side => Math.max(0, smallest - side))
  return [x - moreX / 2, y - moreY / 2, width + moreX, height + moreY]
}

/**
 * Draw a thin line along whole rows.
 *
 * @param {Context} context
 * @param {number[]} rows
 * @param {Rectangle} rectangle
 * @param {number} width In cells.
 * @param {string} accent
 */
export function rule(context, rows, rectangle, width, accent) {
  const [x, y, cellWidth] = rectangle(rows[0], 0)
  const [, last, , height] = rectangle(rows[rows.length - 1], 0)
  const middle = (y + last + height) / 2
  context.lineWidth = 1.5
  context.strokeStyle = accent
  context.beginPath()
  context.moveTo(x, middle)
  context.lineTo(x + width * cellWidth, middle)
  context.stroke()
}

/**
 * A dashed rectangle that is visible on dark and on bright cells.
 *
 * @param {Context} context
 * @param {Box} box
 * @param {string} colour
 */
export function outline(context, box, colour) {
  context.lineWidth = 2
  for (const [style, dashes] of /** @type {[string, number[]][]} */ ([["#ffffff", []], [colour, [6, 5]]])) {
    context.setLineDash(dashes)
    context.strokeStyle = style
    context.strokeRect(...box)
  }
  context.setLineDash([])
}

/**
 * Shade whole rows and columns that no window reads.
 *
 * @param {Context} context
 * @param {number[]} rows
 * @param {number[]} columns
 * @param {readonly [rows: number[], columns: number[]]} ends The first and the last of all.
 * @param {Rectangle} rectangle
 * @param {CanvasPattern} pattern
 */
export function shade(context, rows, columns, [[firstRow, lastRow], [firstColumn, lastColumn]], rectangle, pattern) {
  context.fillStyle = pattern
  const whole = (/** @type {[number, number]} */ first, /** @type {[number, number]} */ last) => {
    const [x0, y0] = rectangle(...first)
    const [x1, y1, w, h] = rectangle(...last)
    context.fillRect(x0, y0, x1 + w - x0, y1 + h - y0)
  }
  for (const [top, bottom] of stretches(rows)) whole([top, firstColumn], [bottom, lastColumn])
  for (const [left, right] of stretches(columns)) whole([firstRow, left], [lastRow, right])
}

/**
 * A pattern of slanted lines, for what is not part of the picture.
 *
 * @param {Context} context
 * @param {string} colour
 */
export function hatch(context, colour) {
  const tile = document.createElement("canvas")
  tile.width = tile.height = 7
  const line = pen(tile)
  line.strokeStyle = colour
  line.lineWidth = 1.2
  for (const shift of [-7, 0, 7]) {
    line.moveTo(shift, 7)
    line.lineTo(shift + 7, 0)
  }
  line.stroke()
  return /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"))
}
