// What is drawn over the cells of a pane: numbers, padding, marks.

import { short } from "./numbers.js"

export const NUMBERS_FROM = 24 // CSS pixels a cell, from which it carries its number
const SMALLEST_MARK = 9 // CSS pixels; a mark around less would not be seen
const AMBER = "#ffb000"

const brightness = colour => 0.299 * (colour & 255) + 0.587 * ((colour >> 8) & 255) + 0.114 * ((colour >> 16) & 255)

/** Write the value of every cell in sight. `cells` is [firstRow, lastRow, firstColumn, lastColumn]. */
export function numbers(context, cells, rectangle, text, colour) {
  const [fromRow, toRow, fromColumn, toColumn] = cells
  const [, , width, height] = rectangle(fromRow, fromColumn)
  context.textAlign = "center"
  context.textBaseline = "middle"
  for (let row = fromRow; row <= toRow; row++) {
    for (let column = fromColumn; column <= toColumn; column++) {
      const [x, y] = rectangle(row, column)
      const lines = text(row, column)
      const longest = Math.max(3, ...lines.map(line => line.length))
      const size = Math.min((1.35 * width) / longest, (0.75 * height) / lines.length, 15)
      context.font = `${size}px ${getComputedStyle(context.canvas).fontFamily}`
      context.fillStyle = brightness(colour(row, column)) > 140 ? "#14171c" : "#ffffff"
      lines.forEach((line, i) =>
        context.fillText(line, x + width / 2, y + height / 2 + (i - (lines.length - 1) / 2) * size * 1.1))
    }
  }
}

export const written = value => short(value, 3)

/** Lines that stand beside one another as stretches: [[first, last], …]. */
export function stretches(lines) {
  const found = []
  for (const line of lines) {
    const last = found[found.length - 1]
    if (last && line === last[1] + 1) last[1] = line
    else found.push([line, line])
  }
  return found
}

/** Mark the cells where `rows` and `columns` cross: "cell" in hand, "window", or "source". */
export function mark(context, rows, columns, rectangle, kind, accent) {
  for (const [top, bottom] of stretches(rows)) {
    for (const [left, right] of stretches(columns)) {
      const [x0, y0] = rectangle(top, left)
      const [x1, y1, w, h] = rectangle(bottom, right)
      frame(context, x0, y0, x1 + w - x0, y1 + h - y0, kind, accent)
    }
  }
}

function frame(context, x, y, width, height, kind, accent) {
  const [extraX, extraY] = [SMALLEST_MARK - width, SMALLEST_MARK - height].map(extra => Math.max(0, extra))
  const box = [x - extraX / 2, y - extraY / 2, width + extraX, height + extraY]
  context.setLineDash(kind === "source" ? [3, 3] : [])
  context.lineWidth = 4
  context.strokeStyle = "rgb(0 0 0 / 55%)"
  context.strokeRect(...box)
  context.lineWidth = 2
  context.strokeStyle = kind === "cell" ? AMBER : accent
  context.strokeRect(...box)
  context.setLineDash([])
}

/** Draw a thin line along whole rows. */
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

/** A dashed rectangle that is seen on dark and on bright cells. */
export function outline(context, left, top, right, bottom, colour) {
  context.lineWidth = 2
  for (const [style, dashes] of [["#ffffff", []], [colour, [6, 5]]]) {
    context.setLineDash(dashes)
    context.strokeStyle = style
    context.strokeRect(left, top, right - left, bottom - top)
  }
  context.setLineDash([])
}

/** Shade whole rows and columns, which no window reads. */
export function shade(context, rows, columns, size, rectangle, pattern) {
  context.fillStyle = pattern
  const whole = (first, last) => {
    const [x0, y0] = rectangle(...first)
    const [x1, y1, w, h] = rectangle(...last)
    context.fillRect(x0, y0, x1 + w - x0, y1 + h - y0)
  }
  for (const [top, bottom] of stretches(rows)) whole([top, 0], [bottom, size[1] - 1])
  for (const [left, right] of stretches(columns)) whole([0, left], [size[0] - 1, right])
}

/** A pattern of slanted lines, for what is not part of the picture. */
export function hatch(context, colour) {
  const tile = document.createElement("canvas")
  tile.width = tile.height = 7
  const pen = tile.getContext("2d")
  pen.strokeStyle = colour
  pen.lineWidth = 1.2
  for (const shift of [-7, 0, 7]) {
    pen.moveTo(shift, 7)
    pen.lineTo(shift + 7, 0)
  }
  pen.stroke()
  return context.createPattern(tile, "repeat")
}
