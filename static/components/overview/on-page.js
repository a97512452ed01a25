// @ts-check
// The overviews on the page, and the rows of them that are hidden while a class is asked about one.

/** @import { Overview } from "./overview.js" */
/** @typedef {{ board: string, pane: number }} Asked A row of an overview. */

/** @type {Set<Overview>} */
export const overviews = new Set()

/** @type {Asked | null} */
let asked = null

/**
 * Hide a row in all overviews, and the rows that follow from it. Null: show all.
 *
 * @param {Asked | null} question
 */
export function coverRows(question) {
  asked = question
  recover()
}

/** Hide the rows asked about again; call this when the rows of an overview have changed. */
export function recover() {
  const named = [...overviews].find(({ header }) => header?.name === asked?.board)
  for (const overview of overviews) overview.cover(asked && named ? coveredFrom(overview.layers, named.layers, asked.pane) : Infinity)
}

/**
 * The first row to hide in an overview while row `pane` of the overview `named` is asked about: that row,
 * or else the first one that is not among the rows before it, since it may follow from it.
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
