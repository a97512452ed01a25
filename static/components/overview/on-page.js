// @ts-check
// The overviews that are on the page, and what of them is hidden while a class is asked for it.

/** @import { Overview } from "./overview.js" */
/** @typedef {{ board: string, pane: number }} Asked A row of an overview. */

/** @type {Set<Overview>} */
export const overviews = new Set()

/** @type {Asked | null} */
let asked = null

/**
 * Hide a row of an overview on all of them, and what follows from it. Null: show all.
 *
 * @param {Asked | null} question
 */
export function coverRows(question) {
  asked = question
  recover()
}

/** Hide what is to be hidden; to be called when an overview has other rows. */
export function recover() {
  const named = [...overviews].find(({ header }) => header?.name === asked?.board)
  for (const overview of overviews) overview.cover(asked && named ? coveredFrom(overview.layers, named.layers, asked.pane) : Infinity)
}

/**
 * The first row that is hidden of an overview, where row `pane` of another one, or of the same, is
 * asked for: that row and all after it. What shows none of these rows may follow from it.
 *
 * @param {{ name: string, picture: boolean }[]} layers
 * @param {{ name: string, picture: boolean }[]} named
 * @param {number} pane
 */
export function coveredFrom(layers, named, pane) {
  const order = named.map(({ name }) => name)
  const own = layers.findIndex(({ name }) => name === order[pane])
  if (own >= 0) return own
  const first = layers.findIndex(({ name, picture }) => !picture && !order.slice(0, pane).includes(name))
  return first < 0 ? Infinity : first
}
