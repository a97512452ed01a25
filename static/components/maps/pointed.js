// @ts-check
// The event that the cell in hand of a board has changed, and how to listen for it.

/** @import { Board } from "./board.js" */

/**
 * Have `act` called whenever the cell in hand changes; returns what ends it.
 *
 * @param {(board: Board) => void} act
 */
export function onPointed(act) {
  const listener = (/** @type {Event} */ event) => act(/** @type {CustomEvent<Board>} */ (event).detail)
  document.addEventListener("cnnviz:pointed", listener)
  return () => document.removeEventListener("cnnviz:pointed", listener)
}

/** @param {Board} detail */
export const tellPointed = detail => document.dispatchEvent(new CustomEvent("cnnviz:pointed", { detail }))
