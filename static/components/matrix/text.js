// @ts-check
// Numbers as text: read from a cell, shown in a cell, and copied. The server reads pasted text.

import { short, sign } from "../core/numbers.js"

/** @import { Rows, State } from "./edits.js" */

/** @type {Record<string, string>} */
const TIDY = { "−": "-", "–": "-", "÷": "/", "\u00a0": " ", "\u202f": " " }
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const DECIMAL_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i

/** Text that is not a number; the message is one sentence for the user. */
export class Unreadable extends Error {}

/** @param {string} text */
const tidy = text => text.replace(/[−–÷\u00a0\u202f]/g, found => TIDY[found]).trim().replace(/\s*\/\s*/, "/")

/**
 * The number that was typed into a cell; throws Unreadable.
 *
 * @param {string} text
 * @param {string} where
 */
export function readNumber(text, where) {
  const compact = tidy(text)
  if (!compact) throw new Unreadable(`${where} is empty.`)
  const parts = (DECIMAL_COMMA.test(compact) ? compact.replace(",", ".") : compact).split("/")
  const is = `${where} is “${compact.length <= 24 ? compact : `${compact.slice(0, 23)}…`}”`
  if (parts.length > 2 || !parts.every(part => NUMBER.test(part))) throw new Unreadable(`${is}, which is not a number.`)
  const [above, below = 1] = parts.map(Number)
  if (below === 0) throw new Unreadable(`${is}, and nothing can be divided by 0.`)
  if (![above, below, above / below].every(Number.isFinite)) throw new Unreadable(`${is}, which is too large a number.`)
  return above / below + 0 // never −0
}

/**
 * Throw Unreadable if a number is too large to compute with.
 *
 * @param {State} state
 * @param {number} largest
 */
export function checkLargest({ rows, divisor }, largest) {
  rows.forEach((row, i) => row.forEach((number, j) => {
    if (Math.abs(number / divisor) <= largest) return
    const written = divisor === 1 ? number : `${number} / ${divisor}`
    throw new Unreadable(`Row ${i}, column ${j} is ${written}, and numbers up to ${largest} can be used.`)
  }))
}

/**
 * "1/9" for a value that is exactly a fraction with a denominator up to `most`, or null.
 *
 * @param {number} value
 * @param {number} most
 */
function asFraction(value, most) {
  if (Math.abs(value) > 1000) return null
  for (let below = 2; below <= most; below++) {
    const above = Math.round(value * below)
    if (above / below === value) return `${above}/${below}`
  }
  return null
}

/**
 * A number as its cell shows it: short.
 *
 * @param {number} value
 */
export function cellText(value) {
  const exact = String(value)
  return sign(exact.length <= 6 ? exact : asFraction(value, 99) ?? short(value, 3))
}

/**
 * A number as it is edited: in full.
 *
 * @param {number} value
 */
export function exactText(value) {
  const exact = String(value)
  return exact.length <= 8 ? exact : asFraction(value, 1000) ?? exact
}

/**
 * Rows for a spreadsheet, in decimals: it would read 1/9 as a date.
 *
 * @param {Rows} rows
 */
export const asTabs = rows => rows.map(row => row.join("\t")).join("\n")

/**
 * The matrix as a line of a NumPy program.
 *
 * @param {Rows} rows
 * @param {number} [divisor]
 */
export function asNumpy(rows, divisor = 1) {
  const lines = rows.map(row => `[${row.map(exactText).join(", ")}]`)
  const array = `np.array([${lines.join(`,\n${" ".repeat(10)}`)}])`
  return divisor === 1 ? array : `${array} / ${exactText(divisor)}`
}

/**
 * The matrix as a link writes it.
 *
 * @param {Rows} rows
 * @param {number} divisor
 */
export const asLink = (rows, divisor) =>
  rows.map(row => row.map(exactText).join(",")).join(";") + (divisor === 1 ? "" : ` /${exactText(divisor)}`)
