// @ts-check
// The parts of a sum in a figure: signs, grids of numbers, results, and the curve of an activation.
// Each knows its size, and how to draw itself.

import { AMBER } from "../core/overlay.js"
import { line } from "../maps/chart.js"
import { widthOf, wrapped } from "./svg.js"

/** @import { Cell } from "../core/grid.js" */
/** @import { Curve, Matrix, Result } from "../maps/panel-sentence.js" */
/** @import { Drawing } from "./svg.js" */
/** @typedef {{ width: number, height: number, draw: (x: number, y: number) => void, breaks?: boolean }} Item */

export const [NUMBER, LABEL] = [15, 12] // sizes of letters
const [BIG, LINES] = [26, 14]
const [SHORT, LONG] = [190, 330] // how wide the lines below a number are: of a sum, of batch normalisation
const DENSE = 7 // rows or columns, from which numbers are written small
const MOST = 15 // rows or columns whose numbers are written
const BARE = 240 // the side of a grid without numbers
const HEAD = LABEL + 7 // above a grid
const SIGN = 22

/**
 * @param {Item[]} parts
 * @returns {Item}
 */
export function beside(parts) {
  const height = Math.max(...parts.map(part => part.height))
  return {
    width: parts.reduce((sum, part) => sum + part.width + 8, -8), height,
    draw(x, y) {
      let left = x
      for (const part of parts) {
        part.draw(left, y + (part.height < height ? HEAD + (height - HEAD - part.height) / 2 : 0))
        left += part.width + 8
      }
    },
  }
}

/**
 * @param {Drawing} drawing
 * @param {string} text
 * @param {number} [size]
 * @returns {Item}
 */
export function word(drawing, text, size = SIGN) {
  return {
    width: Math.max(size * 0.8, widthOf(text, size)), height: size, breaks: text === "→" || text === "=",
    draw: (x, y) => drawing.text(text, x, y + size * 0.82, size, { colour: size === SIGN ? drawing.look.quiet : drawing.look.ink }),
  }
}

/**
 * A coloured grid of numbers, with its label above.
 *
 * @param {Drawing} drawing
 * @param {Matrix} matrix
 * @returns {Item}
 */
export function grid(drawing, { cells, columns, label, rows }) {
  const most = Math.max(rows, columns)
  const written = most <= MOST && cells.some(({ text }) => text)
  const size = most > DENSE ? 11 : NUMBER
  const longest = Math.max(...cells.map(({ text }) => widthOf(text, size)))
  const wide = written ? Math.max(2.4 * size, longest + 0.7 * size) : BARE / most
  const high = written ? 1.9 * size : BARE / most
  const gap = written ? 2 : 0
  const width = Math.max(columns * (wide + gap) - gap, widthOf(label, LABEL))
  return {
    width, height: HEAD + rows * (high + gap) - gap,
    draw(x, y) {
      drawing.text(label, x, y + LABEL - 1, LABEL, { colour: drawing.look.quiet })
      cells.forEach((cell, i) => drawCell(drawing, cell, [
        x + (i % columns) * (wide + gap), y + HEAD + Math.floor(i / columns) * (high + gap), wide, high,
      ], written ? size : 0))
    },
  }
}

/**
 * @param {Drawing} drawing
 * @param {Cell} cell
 * @param {import("./svg.js").Box} box
 * @param {number} size The size of its number; 0 for no number.
 */
function drawCell(drawing, { background = "", color = "", kind = "", text }, box, size) {
  const kinds = kind.split(" ")
  const [x, y, width, height] = box
  const round = { rx: size ? 4 : 0 }
  /** @type {Record<string, string>} */
  const edge = size ? { stroke: drawing.look.line } : {} // so that white cells show on white paper
  drawing.rect(box, { fill: background || drawing.look.cell, ...edge, ...round })
  const inset = (/** @type {number} */ by) => /** @type {const} */ ([x + by, y + by, width - 2 * by, height - 2 * by])
  if (kinds.includes("padded")) {
    drawing.rect(box, { fill: `url(#${drawing.hatch("#808ca0")})`, "fill-opacity": 0.45, ...round })
    drawing.rect([...inset(1)], { fill: "none", stroke: drawing.look.quiet, "stroke-dasharray": "3 2", ...round })
  }
  if (kinds.includes("winner")) drawing.rect([...inset(1.25)], { fill: "none", stroke: AMBER, "stroke-width": 2.5, ...round })
  else if (kinds.includes("here")) drawing.rect([...inset(1)], { fill: "none", stroke: drawing.look.quiet, "stroke-width": 2, ...round })
  if (!size) return
  drawing.text(text, x + width / 2, y + height / 2 + size * 0.36, size, {
    anchor: "middle", colour: color || drawing.look.ink, bold: kinds.includes("winner"),
  })
}

/**
 * A number with its label above, and how it is computed below.
 *
 * @param {Drawing} drawing
 * @param {Result} result
 * @returns {Item}
 */
export function result(drawing, { big, label, lines: whole }) {
  const lines = whole.flatMap(text => wrapped(text, LINES, label.startsWith("batch") ? LONG : SHORT))
  const width = Math.max(widthOf(big, 1.1 * BIG), widthOf(label, LABEL), ...lines.map(text => widthOf(text, LINES)))
  return {
    width, height: HEAD + BIG + lines.length * (LINES + 4),
    draw(x, y) {
      drawing.text(label, x, y + LABEL - 1, LABEL, { colour: drawing.look.quiet })
      drawing.text(big, x, y + HEAD + BIG * 0.78, BIG, { bold: true })
      lines.forEach((text, i) =>
        drawing.text(text, x, y + HEAD + BIG + LINES + i * (LINES + 4), LINES, { colour: drawing.look.quiet }))
    },
  }
}

/**
 * The output of an activation, with its curve below.
 *
 * @param {Drawing} drawing
 * @param {Result} activation
 * @param {Curve} curve
 * @returns {Item}
 */
export function curve(drawing, activation, { answer, value, xs, ys }) {
  const above = result(drawing, activation)
  const [width, height] = [72, 46]
  const [low, high, reach] = [Math.min(0, ...ys), Math.max(0, ...ys), xs[xs.length - 1]]
  return {
    width: Math.max(above.width, width), height: above.height + 8 + height,
    draw(x, y) {
      above.draw(x, y)
      const top = y + above.height + 8
      const across = (/** @type {number} */ value) => x + ((value / reach + 1) / 2) * width
      const down = (/** @type {number} */ value) => top + height - 3 - ((value - low) / (high - low || 1)) * (height - 6)
      drawing.add("path", { d: `M${x} ${down(0).toFixed(1)}h${width}M${x + width / 2} ${top}v${height}`, stroke: drawing.look.line, fill: "none" })
      drawing.add("path", { d: line(xs.map(across), ys.map(down)), stroke: drawing.look.accent, "stroke-width": 2, fill: "none" })
      drawing.add("circle", { cx: across(value), cy: down(answer), r: 4, fill: AMBER, stroke: "#7a5600" })
    },
  }
}
