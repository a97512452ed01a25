// What lies over the cells of a map: the padding around them, their numbers, what is still to be
// predicted, and the marks.

import { isUntouched, source } from "./arithmetic.js"
import { hatch, mark, numbers, outline, rule, shade, written } from "../core/overlay.js"
import { values } from "./pane-values.js"
import { fit } from "./view.js"

/** The padded cells around the picture hold what the padding mode puts there, under a hatch. */
export function drawPadding(view, context, rectangle) {
  const chain = view.chain
  if (!chain) return
  const [[up, down], [before, after]] = chain.pads
  if (!(up + down + before + after)) return
  const { height, width } = view.pane
  const key = JSON.stringify([chain.pads, chain.mode])
  const [rows, columns] = [height + up + down, width + before + after]
  if (view.border?.key !== key) {
    view.border = document.createElement("canvas")
    view.border.key = key
    view.paint(view.border, rows, columns, (row, column) => {
      const [from, to] = [source(row - up, height, chain.mode), source(column - before, width, chain.mode)]
      return from < 0 || to < 0 ? -1 : from * width + to
    })
  }
  const [x, y, cellWidth, cellHeight] = rectangle(-up, -before)
  const box = [x, y, columns * cellWidth, rows * cellHeight]
  context.drawImage(view.border, ...box)
  context.fillStyle = hatch(context, "rgb(128 140 160 / 85%)")
  context.fillRect(...box)
}

export function drawNumbers(view, context, rectangle) {
  const [firstRow, firstColumn] = view.cellAt(0, 0)
  const [lastRow, lastColumn] = view.cellAt(...view.size)
  const { height, width } = view.pane
  const cells = [
    Math.max(0, firstRow), Math.min(height - 1, lastRow),
    Math.max(0, firstColumn), Math.min(width - 1, lastColumn),
  ]
  if (cells[0] > cells[1] || cells[2] > cells[3]) return
  numbers(
    context, cells, rectangle, (row, column) => values(view, row, column).map(written),
    (row, column) => view.colour(row * width + column))
}

/** Cover the cells whose answer is to be predicted. */
export function drawQuestions(view, context, rectangle) {
  const { chain, height, width } = view.pane
  const style = getComputedStyle(view.window)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!view.board.isHidden(chain, row, column)) continue
      const [x, y, w, h] = rectangle(row, column)
      context.fillStyle = style.getPropertyValue("--st-secondary-background-color")
      context.fillRect(x, y, w, h)
      context.strokeStyle = style.getPropertyValue("--st-border-color")
      context.strokeRect(x, y, w, h)
      context.fillStyle = style.getPropertyValue("--st-text-color")
      context.font = `${Math.min(18, h / 2)}px ${style.fontFamily}`
      context.textAlign = "center"
      context.textBaseline = "middle"
      context.fillText("?", x + w / 2, y + h / 2)
    }
  }
}

export function drawMarks(view, context, rectangle) {
  if (view.pane.outline) drawOutline(view, context)
  const { cursor, reading, touched } = view.board
  const chain = view.chain
  if (!chain || !reading) return
  const lost = chain.unread[view.pane.stage]
  if (lost) {
    const pattern = hatch(context, "rgb(255 176 0 / 90%)")
    shade(context, lost[0], lost[1], [view.pane.height, view.pane.width], rectangle, pattern)
  }
  if (!view.isUnderCursor) return
  const { stage } = view.pane
  if (view.board.ruler) rule(context, reading.lines[0][stage], rectangle, view.pane.width, view.accent)
  if (touched && stage === 0) return mark(context, ...touched, rectangle, "window", view.accent)
  const [rows, columns] = reading.lines.map(lines => lines[stage])
  if (stage === cursor.stage) return mark(context, rows, columns, rectangle, "cell", view.accent)
  mark(context, rows, columns, rectangle, "window", view.accent)
  const best = reading.poolings.find(({ winner }) => winner >= 0)
  if (best && cursor.stage === 3 && (stage === 2 || (stage === 0 && isUntouched(chain)))) {
    const [row, column] = best.cells[best.winner].at
    mark(context, [row], [column], rectangle, "cell", view.accent)
  }
  if (stage === 0) {
    for (const { from, outside } of reading.channels[0].taps) {
      if (outside && from) mark(context, [from[0]], [from[1]], rectangle, "source", view.accent)
    }
  }
}

/** A dashed line around the part of the map that is marked. */
function drawOutline(view, context) {
  const [top, left, bottom, right] = view.pane.outline
  const at = fit(view.header.world, ...view.size, view.board.view)
  outline(context, at.x(left), at.y(top), at.x(right), at.y(bottom), view.accent)
}
