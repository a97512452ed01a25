// @ts-check
// Draws a pane: the cells of its map, the padding around them, their numbers, cells still to be
// predicted, and marks.

import { isDark } from "../core/colour.js"
import { edges, hatch, mark, numbers, outline, rule, shade, NUMBERS_FROM } from "../core/overlay.js"
import { large } from "../core/present.js"
import { isUntouched, source } from "./arithmetic.js"
import { values } from "./pane-values.js"
import { doneOf } from "./sweep.js"
import { fit } from "./view.js"

/** @import { Context, Rectangle } from "../core/overlay.js" */
/** @import { Chain } from "./header.js" */
/** @import { Pane } from "./pane.js" */
/** @import { Reading } from "./reading.js" */

export const PADDING_FROM = 3 // CSS pixels per cell, from which the padding is drawn

/**
 * @param {Pane} view
 * @param {Context} context
 * @param {number} scale CSS pixels per cell of the picture.
 * @param {Rectangle} rectangle
 */
export function drawCells(view, context, scale, rectangle) {
  const { height, role, width } = view.pane
  const [x, y, cellWidth, cellHeight] = rectangle(0, 0)
  if (role === "picture" && scale >= PADDING_FROM) drawPadding(view, context, rectangle)
  if (view.pane.over) layUnder(view, context)
  context.drawImage(view.image, x, y, width * cellWidth, height * cellHeight)
  context.globalCompositeOperation = "source-over"
  if (!view.pane.over && Math.min(cellWidth, cellHeight) >= NUMBERS_FROM) drawLarge(view, context, rectangle)
  if (view.board.swept !== null) coverBeyond(view, context, rectangle)
  if (view.header.predict && ["convolution", "part"].includes(role)) drawQuestions(view, context, rectangle)
  drawMarks(view, context, rectangle)
}

/**
 * Draw the picture of the board, to be coloured by the map drawn next: 0 leaves it as it is, or black
 * if the map is grey.
 *
 * @param {Pane} view
 * @param {Context} context
 */
function layUnder(view, context) {
  const under = [...view.board.slots.values()].flatMap(slot => slot.panes).find(one => one.pane?.picture)
  if (!under) return
  const at = fit(view.header.world, ...view.size, view.board.view)
  const { height, width } = under.pane
  const smooth = context.imageSmoothingEnabled
  context.imageSmoothingEnabled = true
  context.filter = "grayscale(1)"
  context.drawImage(under.image, at.x(0), at.y(0), width * at.scale, height * at.scale)
  context.filter = "none"
  context.imageSmoothingEnabled = smooth
  context.globalCompositeOperation = isDark(view.window) && !view.pane.grey ? "screen" : "multiply"
}

/**
 * Draw the padding around the picture, hatched, with the values that the padding mode puts there.
 *
 * @param {Pane} view
 * @param {Context} context
 * @param {Rectangle} rectangle
 */
function drawPadding(view, context, rectangle) {
  const { chain } = view
  if (!chain) return
  const [[up, down], [before, after]] = chain.pads
  if (!(up + down + before + after)) return
  const { height, width } = view.pane
  const key = JSON.stringify([chain.pads, chain.mode])
  const [rows, columns] = [height + up + down, width + before + after]
  if (view.border?.key !== key) {
    view.border = { key, canvas: document.createElement("canvas") }
    view.paint(view.border.canvas, rows, columns, (row, column) => {
      const [from, to] = [source(row - up, height, chain.mode), source(column - before, width, chain.mode)]
      return from < 0 || to < 0 ? -1 : from * width + to
    })
  }
  const [x, y, cellWidth, cellHeight] = rectangle(-up, -before)
  context.drawImage(view.border.canvas, x, y, columns * cellWidth, rows * cellHeight)
  context.fillStyle = hatch(context, "rgb(128 140 160 / 85%)")
  context.fillRect(x, y, columns * cellWidth, rows * cellHeight)
}

/**
 * Draw the edge and the number of each cell that is large enough.
 *
 * @param {Pane} view
 * @param {Context} context
 * @param {Rectangle} rectangle
 */
function drawLarge(view, context, rectangle) {
  const [firstRow, firstColumn] = view.cellAt(0, 0)
  const [lastRow, lastColumn] = view.cellAt(...view.size)
  const { height, width } = view.pane
  const [top, bottom] = [Math.max(0, firstRow), Math.min(height - 1, lastRow)]
  const [left, right] = [Math.max(0, firstColumn), Math.min(width - 1, lastColumn)]
  if (top > bottom || left > right) return
  edges(context, [top, bottom, left, right], rectangle)
  numbers(
    context, [top, bottom, left, right], rectangle, (row, column) => values(view, row, column),
    (row, column) => view.colour(row * width + column))
}

/**
 * Cover the cells that the playing window has not reached yet: row by row, in reading order.
 *
 * @param {Pane} view
 * @param {Context} context
 * @param {Rectangle} rectangle
 */
function coverBeyond({ board, chain, pane, window }, context, rectangle) {
  if (!chain || pane.stage === 0 || board.swept === null) return
  const columns = chain.sizes.features[1]
  const [row, column] = doneOf(chain, pane.stage, Math.floor(board.swept / columns), board.swept % columns)
  const style = getComputedStyle(window)
  context.fillStyle = style.getPropertyValue("--st-background-color")
  const [left, top, width, height] = rectangle(row, column)
  const [start] = rectangle(0, 0)
  const [right, bottom] = [start + pane.width * width, top + (pane.height - row) * height]
  context.fillRect(left, top, right - left, height + 0.5)
  context.fillRect(start, top + height, right - start, bottom - top - height)
}

/**
 * Cover the cells that the learner is to predict.
 *
 * @param {Pane} view
 * @param {Context} context
 * @param {Rectangle} rectangle
 */
function drawQuestions(view, context, rectangle) {
  const { chain, height, width } = view.pane
  const style = getComputedStyle(view.window)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!view.board.predictions.hides(chain, row, column)) continue
      const [x, y, w, h] = rectangle(row, column)
      context.fillStyle = style.getPropertyValue("--st-secondary-background-color")
      context.fillRect(x, y, w, h)
      context.strokeStyle = style.getPropertyValue("--st-border-color")
      context.strokeRect(x, y, w, h)
      context.fillStyle = style.getPropertyValue("--st-text-color")
      context.font = `${Math.min(18 * large(), h / 2)}px ${style.fontFamily}`
      context.textAlign = "center"
      context.textBaseline = "middle"
      context.fillText("?", x + w / 2, y + h / 2)
    }
  }
}

/**
 * @param {Pane} view
 * @param {Context} context
 * @param {Rectangle} rectangle
 */
function drawMarks(view, context, rectangle) {
  drawOutline(view, context)
  const { chain, board: { reading } } = view
  if (!chain || !reading) return
  const { height, role, width } = view.pane
  const stage = role === "loss" ? 2 : view.pane.stage // stage 2 has the cells that are pooled
  const unread = chain.unread[stage]
  if (unread) {
    const pattern = hatch(context, "rgb(255 176 0 / 90%)")
    const pads = stage === 0 ? chain.pads : [[0, 0], [0, 0]] // the padding is unread as well
    shade(context, unread[0], unread[1], [[-pads[0][0], height - 1 + pads[0][1]], [-pads[1][0], width - 1 + pads[1][1]]], rectangle, pattern)
  }
  if (view.isUnderCursor) drawCursor(view, chain, reading, context, rectangle)
}

/**
 * @param {Pane} view
 * @param {Chain} chain
 * @param {Reading} reading
 * @param {Context} context
 * @param {Rectangle} rectangle
 */
function drawCursor(view, chain, reading, context, rectangle) {
  const { board: { ruler }, accent, pane: { stage, width } } = view
  if (ruler) rule(context, reading.lines[0][stage], rectangle, width, accent)
  for (const { columns, kind, rows } of marksOf(view, chain, reading)) mark(context, rows, columns, rectangle, kind, accent)
}

/**
 * The cells of a pane that belong to the cell under the cursor.
 *
 * @param {Pane} view
 * @param {Chain} chain
 * @param {Reading} reading
 * @returns {{ rows: number[], columns: number[], kind: "cell" | "window" | "source" }[]}
 */
export function marksOf(view, chain, reading) {
  const { board: { cursor, kept, touched }, pane: { stage } } = view
  if (touched && stage === 0) return [{ rows: touched[0], columns: touched[1], kind: "window" }]
  const [rows, columns] = reading.lines.map(lines => lines[stage])
  /** @type {ReturnType<typeof marksOf>} */
  const found = []
  if (kept && kept.stage === stage && kept !== cursor) found.push({ rows: [kept.row], columns: [kept.column], kind: "source" })
  if (stage === cursor?.stage) return [...found, { rows, columns, kind: "cell" }]
  found.push({ rows, columns, kind: "window" })
  const best = reading.poolings.find(({ winner }) => winner >= 0)
  if (best && cursor?.stage === 3 && (stage === 2 || (stage === 0 && isUntouched(chain)))) {
    const [row, column] = best.cells[best.winner].at
    found.push({ rows: [row], columns: [column], kind: "cell" })
  }
  if (stage > 0) return found
  for (const { from, outside } of reading.channels[0].taps) {
    if (outside && from) found.push({ rows: [from[0]], columns: [from[1]], kind: "source" })
  }
  return found
}

/**
 * A dashed line around the part of the map that is marked.
 *
 * @param {Pane} view
 * @param {Context} context
 */
function drawOutline(view, context) {
  if (!view.pane.outline) return
  const [top, left, bottom, right] = view.pane.outline
  const at = fit(view.header.world, ...view.size, view.board.view)
  const [x, y] = [at.x(left), at.y(top)]
  outline(context, [x, y, at.x(right) - x, at.y(bottom) - y], view.accent)
}
