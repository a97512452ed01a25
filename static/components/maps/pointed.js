// @ts-check
// Announces that the cell in hand of a board has changed.

/** @import { Board } from "./board.js" */

/**
 * Call `act` whenever the cell in hand changes; returns a function that stops it.
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
