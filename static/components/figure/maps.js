// @ts-check
// One map of a figure: its name, its cells as a picture, numbers and marks, its scale and figures.

import { GREYS, coloured, onTop, paint, palette } from "../core/colour.js"
import { pen } from "../core/dom.js"
import { AMBER, NUMBERS_FROM, fitted, grown, stretches } from "../core/overlay.js"
import { source } from "../maps/arithmetic.js"
import { SIZE, plotted } from "../maps/chart.js"
import { PADDING_FROM, marksOf } from "../maps/pane-drawing.js"
import { values } from "../maps/pane-values.js"
import { fit, shape } from "../maps/view.js"
import { widthOf, wrapped } from "./svg.js"

/** @import { Rectangle } from "../core/overlay.js" */
/** @import { Pane } from "../maps/pane.js" */
/** @import { Box, Drawing } from "./svg.js" */
/** @typedef {Pane & { colours: Uint32Array, ground: number }} Themed */

const [TITLE, SMALL] = [17, 12] // sizes of letters
const BOLD = 1.1 // how many times as wide bold letters are
const ABOVE = TITLE + 9
const SMALLEST_MARK = 9
const LARGEST = 18 // size of a number in a cell
const GROUND = 100 // pixels per side; a smaller picture is enlarged before it is laid over another

/**
 * Draw a map of a board; returns its height with everything around it.
 *
 * @param {Drawing} drawing
 * @param {Pane} pane
 * @param {string} name
 * @param {[x: number, y: number, width: number]} place
 * @param {boolean} marked Whether to mark the cell under the cursor and the cells that belong to it.
 */
export function drawMap(drawing, pane, name, [x, y, width], marked) {
  const view = themed(pane, drawing.look.theme)
  const { board, header } = view
  const height = width * shape(header.world)
  drawing.text(short(name, width), x, y + TITLE, TITLE, { bold: true })
  const at = fit(header.world, width, height, board.view)
  const top = y + ABOVE
  const [originRow, originColumn, rowStep, columnStep] = view.pane.place
  /** @type {Rectangle} */
  const rectangle = (row, column) => [
    x + at.x(originColumn + column * columnStep), top + at.y(originRow + row * rowStep), columnStep * at.scale, rowStep * at.scale]
  const clip = drawing.clip([x, top, width, height])
  drawing.within(clip, () => {
    drawCells(drawing, view, rectangle, at.scale, [x, top, width, height])
    const [left, above, cellWidth, cellHeight] = rectangle(0, 0)
    // An edge, so that white shows on white paper.
    drawing.rect([left, above, view.pane.width * cellWidth, view.pane.height * cellHeight], { fill: "none", stroke: drawing.look.line })
    if (marked) drawMarks(drawing, view, rectangle)
  })
  return ABOVE + height + below(drawing, view, [x, top + height, width])
}

/**
 * A pane in the colours of a theme, which may differ from the page's.
 *
 * @param {Pane} pane
 * @param {"light" | "dark"} theme
 * @returns {Themed}
 */
function themed(pane, theme) {
  const { header, plane } = pane
  const colours = pane.pane.grey ? GREYS : palette(plane(header.table[theme], 3 * 256))
  const { black, white } = header.input ?? { black: 0, white: 255 }
  const ground = colours[Math.round((255 * (0 - black)) / (white - black))]
  return Object.assign(Object.create(pane), { colours, ground })
}

/**
 * The cells of a pane as a picture of one pixel per cell.
 *
 * @param {Themed} view
 */
function cellsOf(view) {
  const { channels, height, width } = view.pane
  const canvas = document.createElement("canvas")
  if (channels === 1) paint(canvas, [height, width], coloured(view.bytes, view.colours))
  else view.paint(canvas, height, width, (row, column) => row * width + column)
  return canvas
}

/**
 * @param {Drawing} drawing
 * @param {Themed} view
 * @param {Rectangle} rectangle
 * @param {number} scale
 * @param {Box} box
 */
function drawCells(drawing, view, rectangle, scale, box) {
  const { height, over, role, width } = view.pane
  const [x, y, cellWidth, cellHeight] = rectangle(0, 0)
  if (role === "picture" && scale >= PADDING_FROM) drawPadding(drawing, view, rectangle)
  /** @type {Box} */
  const whole = [x, y, width * cellWidth, height * cellHeight]
  if (over) drawing.image(laidOver(view, whole, box, drawing.look.theme), box, { cells: false })
  else drawing.image(cellsOf(view).toDataURL(), whole, { cells: cellWidth > 1 })
  if (!over && Math.min(cellWidth, cellHeight) >= NUMBERS_FROM) drawNumbers(drawing, view, rectangle, box)
  if (view.header.predict && ["convolution", "part"].includes(role)) drawQuestions(drawing, view, rectangle)
}

/**
 * A map over the picture of its board, as the page shows it: 0 leaves the picture as it is, or black.
 *
 * @param {Themed} view
 * @param {Box} whole
 * @param {Box} box
 * @param {"light" | "dark"} theme
 */
function laidOver(view, whole, [left, top, width, height], theme) {
  const canvas = document.createElement("canvas")
  const dense = Math.max(2, GROUND / width)
  canvas.width = Math.round(width * dense)
  canvas.height = Math.round(height * dense)
  const context = pen(canvas)
  const under = [...view.board.slots.values()].flatMap(slot => slot.panes).find(one => one.pane?.picture)
  const lay = (/** @type {CanvasImageSource} */ image, /** @type {Box} */ [x, y, w, h]) =>
    context.drawImage(image, (x - left) * dense, (y - top) * dense, w * dense, h * dense)
  if (under) {
    const at = fit(view.header.world, width, height, view.board.view)
    context.filter = "grayscale(1)"
    lay(under.image, [left + at.x(0), top + at.y(0), under.pane.width * at.scale, under.pane.height * at.scale])
    context.filter = "none"
    context.globalCompositeOperation = theme === "dark" && !view.pane.grey ? "screen" : "multiply"
  }
  context.imageSmoothingEnabled = false
  lay(cellsOf(view), whole)
  return canvas.toDataURL()
}

/**
 * @param {Drawing} drawing
 * @param {Themed} view
 * @param {Rectangle} rectangle
 */
function drawPadding(drawing, view, rectangle) {
  const { chain } = view
  if (!chain) return
  const [[up, down], [before, after]] = chain.pads
  if (!(up + down + before + after)) return
  const { height, width } = view.pane
  const [rows, columns] = [height + up + down, width + before + after]
  const canvas = document.createElement("canvas")
  view.paint(canvas, rows, columns, (row, column) => {
    const [from, to] = [source(row - up, height, chain.mode), source(column - before, width, chain.mode)]
    return from < 0 || to < 0 ? -1 : from * width + to
  })
  const [x, y, cellWidth, cellHeight] = rectangle(-up, -before)
  /** @type {Box} */
  const box = [x, y, columns * cellWidth, rows * cellHeight]
  drawing.image(canvas.toDataURL(), box)
  drawing.rect(box, { fill: `url(#${drawing.hatch("#808ca0")})`, "fill-opacity": 0.85 })
}

/**
 * @param {Drawing} drawing
 * @param {Themed} view
 * @param {Rectangle} rectangle
 * @param {Box} box
 */
function drawNumbers(drawing, view, rectangle, [left, top, width, height]) {
  const { pane } = view
  /** @type {[row: number, column: number][]} */
  const places = []
  for (let row = 0; row < pane.height; row++) {
    for (let column = 0; column < pane.width; column++) {
      const [x, y, w, h] = rectangle(row, column)
      if (x + w >= left && y + h >= top && x <= left + width && y <= top + height) places.push([row, column])
    }
  }
  const [, , w, h] = rectangle(0, 0)
  const found = fitted(places.map(place => values(view, ...place)), [w, h], text => widthOf(text, 1), LARGEST)
  if (!found) return
  const size = Number(found.size.toFixed(1))
  places.forEach(([row, column], i) => {
    const [x, y] = rectangle(row, column)
    const lines = found.texts[i]
    lines.forEach((line, at) => drawing.text(
      line, x + w / 2, y + h / 2 + (at - (lines.length - 1) / 2) * size * 1.1 + size * 0.36, size,
      { anchor: "middle", colour: onTop(view.colour(row * pane.width + column)) }))
  })
}

/**
 * @param {Drawing} drawing
 * @param {Themed} view
 * @param {Rectangle} rectangle
 */
function drawQuestions(drawing, view, rectangle) {
  const { chain, height, width } = view.pane
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!view.board.predictions.hides(chain, row, column)) continue
      const [x, y, w, h] = rectangle(row, column)
      drawing.rect([x, y, w, h], { fill: drawing.look.cell, stroke: drawing.look.line })
      const size = Math.min(18, h / 2)
      drawing.text("?", x + w / 2, y + h / 2 + size * 0.36, size, { anchor: "middle" })
    }
  }
}

/**
 * @param {Drawing} drawing
 * @param {Themed} view
 * @param {Rectangle} rectangle
 */
function drawMarks(drawing, view, rectangle) {
  const { chain, board: { reading } } = view
  if (!chain || !reading || !view.isUnderCursor) return
  for (const { columns, kind, rows } of marksOf(view, chain, reading)) {
    for (const [top, bottom] of stretches(rows)) {
      for (const [left, right] of stretches(columns)) {
        const [x0, y0] = rectangle(top, left)
        const [x1, y1, w, h] = rectangle(bottom, right)
        const box = grown([x0, y0, x1 + w - x0, y1 + h - y0], SMALLEST_MARK)
        /** @type {Record<string, string>} */
        const dashes = kind === "source" ? { "stroke-dasharray": "3 3" } : {}
        drawing.rect(box, { fill: "none", stroke: "#000000", "stroke-opacity": 0.55, "stroke-width": 4, ...dashes })
        drawing.rect(box, { fill: "none", stroke: kind === "cell" ? AMBER : drawing.look.accent, "stroke-width": 2, ...dashes })
      }
    }
  }
}

/**
 * Draw what is below a map: its scale, its figures, its chart; returns its height.
 *
 * @param {Drawing} drawing
 * @param {Themed} view
 * @param {[x: number, y: number, width: number]} place
 */
function below(drawing, view, [x, y, width]) {
  const { figures, legend: [low, zero, high], picture } = view.pane
  const [before, after] = [low, high].map(text => widthOf(text, SMALL) + 6)
  const bar = document.createElement("canvas")
  paint(bar, [1, picture ? 256 : 255], out => out.set(view.colours.subarray(0, out.length)))
  /** @type {Box} */
  const box = [x + before, y + 9, Math.max(20, width - before - after), 8]
  drawing.text(low, x, y + 17, SMALL)
  drawing.image(bar.toDataURL(), box, { cells: false })
  drawing.text(high, x + width, y + 17, SMALL, { anchor: "end" })
  if (zero) drawing.text(zero, box[0] + box[2] / 2, y + 30, SMALL, { anchor: "middle" })
  let down = zero ? 36 : 24
  for (const line of wrapped(figures, SMALL, width, " · ")) {
    drawing.text(line, x, y + down + SMALL, SMALL, { colour: drawing.look.quiet })
    down += SMALL + 4
  }
  return down + (view.pane.chart ? drawChart(drawing, view, [x, y + down + 4, width]) : 0)
}

/**
 * Draw the histogram of a map, and the curve of its activation.
 *
 * @param {Drawing} drawing
 * @param {Themed} view
 * @param {[x: number, y: number, width: number]} place
 */
function drawChart(drawing, view, [x, y, width]) {
  const { chart } = view.pane
  if (!chart) return 0
  const [wide, high] = SIZE
  const scale = Math.min(width / wide, 1.2)
  const { axis, curves, filled } = plotted(chart, (chart.curve && view.chain) || null)
  const { accent, line, quiet } = drawing.look
  const where = { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale.toFixed(3)})` }
  drawing.add("path", { d: filled, fill: quiet, "fill-opacity": 0.55, ...where })
  drawing.add("path", { d: axis, stroke: line, fill: "none", ...where })
  curves.forEach((d, i) => drawing.add("path", {
    d, stroke: accent, fill: "none", "stroke-width": i ? 1.2 : 2, ...(i ? { "stroke-dasharray": "4 3" } : {}), ...where,
  }))
  return high * scale + 8
}

/**
 * A name that fits above its map.
 *
 * @param {string} name
 * @param {number} width
 */
function short(name, width) {
  let text = name
  while (text.length > 4 && widthOf(text, BOLD * TITLE) > width) text = `${text.slice(0, -2)}…`
  return text
}
