// @ts-check
// The timing of the window on its way over a map: its pace, and which cells it has computed so far.

import { poolReads, pools } from "./arithmetic.js"

/** @import { Chain } from "./header.js" */

const WHOLE = 8 // seconds for a map, at single speed
const LEAST = 3 // cells a second, however small the map is
const MOST_FLASHES = 3 // a second, if the window covers a large part of the map
const LARGE = 0.02 // share of the map: if the window covers more, each step is a flash

/**
 * Cells a second that the window goes through.
 *
 * @param {number} count The number of cells.
 * @param {number} share The share of the map that the window covers.
 * @param {number} speed
 */
export const pace = (count, share, speed) =>
  Math.min(Math.max(LEAST, count / WHOLE) * speed, share > LARGE ? MOST_FLASHES : Infinity)

/**
 * The first cell of a stage that is still missing when the window has reached a feature cell; all cells
 * before it in reading order are done. A pooled row is done with the last row it reads.
 *
 * @param {Chain} chain
 * @param {number} stage
 * @param {number} row
 * @param {number} column
 * @returns {[row: number, column: number]}
 */
export function doneOf(chain, stage, row, column) {
  const { features: [height, width], pooled: [rows] } = chain.sizes
  if (stage < 3 || !pools(chain)) return column + 1 < width ? [row, column + 1] : [row + 1, 0]
  const whole = column + 1 < width ? row - 1 : row
  const last = (/** @type {number} */ o) => Math.min(height - 1, Math.max(...poolReads(chain.pooling, 0, o)))
  let done = 0
  while (done < rows && last(done) <= whole) done++
  return [done, 0]
}
