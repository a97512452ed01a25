// @ts-check
// What a class is asked for is not to be read off the screen: as long as a question about a map is
// on it, that map is hidden, and the maps after it, the arithmetic, and all that is set.

import { board } from "../maps/board.js"

const ASKING = "asking" // class of the document
let covered = "" // the board

/**
 * @param {Record<string, any> | null} question
 * @param {boolean} [shown] Whether its answers are.
 */
export function cover(question, shown = false) {
  const { board: name = "", kind, pane } = question ?? {}
  const hides = Boolean(name) && !shown && typeof pane === "number"
  document.documentElement.classList.toggle(ASKING, hides)
  if (covered && (covered !== name || !hides)) board(covered).cover(null)
  covered = hides ? name : ""
  if (!hides) return
  const stage = board(name).message?.header.panes[pane]?.stage ?? Infinity
  board(name).cover(kind === "draw" ? Infinity : stage) // whoever seeks a kernel sees its map
}
