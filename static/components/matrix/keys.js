// @ts-check
// The keys in the cells of a matrix.

import { arrow } from "../core/dom.js"

/** @import { Cells } from "./cells.js" */

export const FAR = 1000 // more than any side: clamped to the last row or column

/**
 * @param {Cells} cells
 * @param {KeyboardEvent} event
 */
export function key(cells, event) {
  // Streamlit has shortcuts of its own; none of them applies while a cell has the focus.
  event.stopPropagation()
  if (event.isComposing) return
  const done = cells.editing ? keyEditing(cells, event) : keyReady(cells, event)
  if (done) event.preventDefault()
}

/**
 * Handle a key while a number is being typed; returns whether it was used.
 *
 * @param {Cells} cells
 * @param {KeyboardEvent} event
 */
function keyEditing(cells, { key, shiftKey, ctrlKey, metaKey }) {
  const [row, column] = cells.head
  const towards = arrow(key)
  if (key === "Tab") return !cells.commit() // the browser goes on to the next cell
  if (key === "Escape") cells.cancel()
  else if (key === "Enter") { if (cells.commit()) cells.go(row + (shiftKey ? -1 : 1), column) }
  else if (towards && cells.editing === "typed" && !(shiftKey || ctrlKey || metaKey)) {
    if (cells.commit()) cells.go(row + towards[0], column + towards[1])
  } else if (key === "F2") cells.editing = "caret"
  else return false
  return true
}

/**
 * Handle a key with the cursor on a cell; returns whether it was used.
 *
 * @param {Cells} cells
 * @param {KeyboardEvent} event
 */
function keyReady(cells, event) {
  const command = event.ctrlKey || event.metaKey
  return (command && keyOfCommand(cells, event)) || keyOfCell(cells, event, command)
}

/**
 * @param {Cells} cells
 * @param {KeyboardEvent} event
 */
function keyOfCommand(cells, { key, shiftKey }) {
  const letter = key.toLowerCase()
  if (letter === "a") cells.all()
  else if (letter === "y" || (letter === "z" && shiftKey)) cells.told.redo()
  else if (letter === "z") cells.told.undo()
  else return false
  return true
}

/**
 * @param {Cells} cells
 * @param {KeyboardEvent} event
 * @param {boolean} far Whether the command key is down, which makes a step go to the edge.
 */
function keyOfCell(cells, { key, shiftKey }, far) {
  const [row, column] = cells.head
  const towards = arrow(key)
  const step = far ? FAR : 1
  if (towards) cells.go(row + step * towards[0], column + step * towards[1], shiftKey)
  else if (key === "Home") cells.go(far ? 0 : row, 0, shiftKey)
  else if (key === "End") cells.go(far ? FAR : row, FAR, shiftKey)
  else if (key === "Enter") cells.go(row + (shiftKey ? -1 : 1), column)
  else if (key === "F2") cells.edit()
  else if (key === "Delete" || key === "Backspace") cells.told.clear(cells.range)
  else if (key === "Escape") cells.escape()
  else return false
  return true
}
