// @ts-check
// A class must not read an answer off the screen: while a question about a map is open, that map, the
// maps after it, the arithmetic and all controls are hidden. For a network, everything but its maps
// is hidden: tables, bars and sentences would give the result away.

import { board } from "../maps/boards.js"
import { coverRows } from "../overview/on-page.js"

const ASKING = "asking" // class of the document, whose dataset says what is asked for
let covered = "" // the board

/**
 * Returns whether something is hidden.
 *
 * @param {Record<string, any> | null} question
 * @param {boolean} [shown] Whether its answers are shown.
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
  if (!covered) return hides
  const stage = board(name).message?.header.panes[pane]?.stage ?? Infinity
  board(name).cover(kind === "draw" ? Infinity : stage) // finding a kernel requires seeing its map
  return hides
}
