// @ts-check
// What a class is asked for is not to be read off the screen: as long as a question about a map is
// on it, that map is hidden, and the maps after it, the arithmetic, and all that is set. Of a network,
// all but its maps is hidden: tables, bars and sentences tell what comes out.

import { board } from "../maps/boards.js"
import { coverRows } from "../overview/on-page.js"

const ASKING = "asking" // class of the document; its data say what is asked for
let covered = "" // the board

/**
 * @param {Record<string, any> | null} question
 * @param {boolean} [shown] Whether its answers are.
 */
export function cover(question, shown = false) {
  const { board: name = "", channel, kind, pane } = question ?? {}
  const hides = Boolean(name) && !shown && typeof pane === "number"
  const isNetwork = hides && typeof channel === "number"
  const { classList, dataset } = document.documentElement
  classList.toggle(ASKING, hides)
  dataset.asking = !hides ? "" : isNetwork ? "network" : kind === "draw" ? "kernel" : "map"
  coverRows(isNetwork ? { board: name, pane } : null)
  if (covered && (covered !== name || !hides || isNetwork)) board(covered).cover(null)
  covered = hides && !isNetwork ? name : ""
  if (!covered) return
  const stage = board(name).message?.header.panes[pane]?.stage ?? Infinity
  board(name).cover(kind === "draw" ? Infinity : stage) // to find a kernel, its map has to be seen
}
