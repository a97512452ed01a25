// @ts-check
// The boards of a page by their names. Maps, slots and panels are mounted one by one by the page
// and meet here, in any order.

import { Board } from "./board.js"

/** @type {Map<string, Board>} */
const boards = new Map()

/** The boards that have maps on the screen. */
export const shownBoards = () => [...boards.values()].filter(({ message, slots }) => message && slots.size > 0)

/**
 * The board of that name; created on first use.
 *
 * @param {string} name
 */
export function board(name) {
  const found = boards.get(name) ?? new Board(name)
  boards.set(name, found)
  return found
}

/** All boards that have been shown since the page was loaded; those on the screen have slots. */
export const known = () => [...boards.values()]
