// @ts-check
// How dragging changes the numbers of a kernel.

/** @import { Rows } from "../matrix/edits.js" */

export const APART = 7 // CSS pixels between two numbers

/**
 * The step by which a number changes: 1 among whole numbers, else about a twentieth of the largest, in
 * steps of 1, 2 or 5.
 *
 * @param {Rows} rows
 */
export function stepOf(rows) {
  const numbers = rows.flat()
  if (numbers.every(Number.isInteger)) return 1
  const wanted = Math.max(...numbers.map(Math.abs)) / 20
  const ten = 10 ** Math.floor(Math.log10(wanted))
  return ten * (wanted / ten < 2 ? 1 : wanted / ten < 5 ? 2 : 5)
}

/**
 * A number after a drag upwards by some pixels: in whole steps, without the rounding noise of binary
 * fractions.
 *
 * @param {number} from
 * @param {number} up
 * @param {number} step
 */
export const moved = (from, up, step) => stepped(from, Math.round(up / APART), step)

/**
 * @param {number} from
 * @param {number} steps
 * @param {number} step
 */
export const stepped = (from, steps, step) => Number((from + steps * step).toPrecision(12)) + 0 // never −0

/**
 * The rows with the number in one cell replaced.
 *
 * @param {Rows} rows
 * @param {number} row
 * @param {number} column
 * @param {number} value
 */
export const painted = (rows, row, column, value) =>
  rows.map((values, i) => (i === row ? values.map((old, j) => (j === column ? value : old)) : values))
