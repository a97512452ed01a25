// @ts-check
// Actions on a pane, by mouse, finger or key: point at a cell, pin it, move on, zoom and pan.

import { fit, inside, zoomed } from "./view.js"

/** @import { Pane } from "./pane.js" */
/** @import { Cursor } from "./header.js" */

/**
 * The cursor at a point of the pane; null outside the map.
 *
 * @param {Pane} pane
 * @param {number} x
 * @param {number} y
 * @returns {Cursor | null}
 */
function cursorAt(pane, x, y) {
  const [row, column] = pane.cellAt(x, y)
  const { height, width, stage } = pane.pane
  if (row < 0 || column < 0 || row >= height || column >= width) return null
  return { stage, row, column, chain: pane.pane.chain ?? pane.board.cursor?.chain ?? 0 }
}

/**
 * @param {Pane} pane
 * @param {number} x
 * @param {number} y
 */
export function point(pane, x, y) {
  pane.board.point(cursorAt(pane, x, y))
}

/**
 * A click pins a cell, or unpins it if it is pinned; a first tap only points, a second one pins.
 * Pointing still works while a cell is pinned, which is shown again when the pointer leaves the
 * maps.
 *
 * @param {Pane} pane
 * @param {number} x
 * @param {number} y
 * @param {boolean} mouse
 */
export function press(pane, x, y, mouse) {
  const place = cursorAt(pane, x, y)
  if (!place || !pane.board.input) return
  pane.board.raise(true)
  const same = (/** @type {Cursor | null} */ one) => JSON.stringify(one) === JSON.stringify(place)
  const { cursor, kept } = pane.board
  if (same(kept)) pane.board.free()
  else if (mouse || kept || same(cursor)) pane.board.pin(place)
  else pane.board.point(place)
}

/**
 * Move the cursor by cells; a cursor in another pane comes here first.
 *
 * @param {Pane} pane
 * @param {number} rows
 * @param {number} columns
 */
export function step(pane, rows, columns) {
  const { cursor } = pane.board
  const { stage, chain } = pane.pane
  const here = cursor && cursor.stage === stage && pane.isUnderCursor
  const lines = pane.board.reading?.lines.map(traced => traced[stage]?.find(line => line >= 0) ?? 0) ?? [0, 0]
  const [row, column] = here ? [cursor.row + rows, cursor.column + columns] : lines
  pane.board.point({ stage, row, column, chain: chain ?? cursor?.chain ?? 0 }, { spoken: true })
}

/**
 * Zoom around a place or, if none is given, around the cell in hand, which stays in sight.
 *
 * @param {Pane} pane
 * @param {number} factor 0 for the whole map.
 * @param {number} [x]
 * @param {number} [y]
 */
export function zoom(pane, factor, x, y) {
  const { world } = pane.header
  const at = fit(world, ...pane.size, pane.board.view)
  const lines = pane.board.reading?.lines.map(traced => traced[0])
  const middle = (/** @type {number[]} */ some) => (some[0] + some[some.length - 1] + 1) / 2
  x ??= lines?.[1].length ? at.x(middle(lines[1])) : pane.size[0] / 2
  y ??= lines?.[0].length ? at.y(middle(lines[0])) : pane.size[1] / 2
  pane.board.setView(zoomed(pane.board.view, factor, at.column(x), at.row(y), world, ...pane.size))
}

/**
 * @param {Pane} pane
 * @param {number} dx CSS pixels.
 * @param {number} dy
 */
export function pan(pane, dx, dy) {
  const { scale } = fit(pane.header.world, ...pane.size, pane.board.view)
  const { zoom, x, y } = pane.board.view
  pane.board.setView(inside({ zoom, x: x - dx / scale, y: y - dy / scale }, pane.header.world))
}
