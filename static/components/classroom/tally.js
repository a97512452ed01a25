// @ts-check
// Summaries of a class's answers: histogram bars, a heat map of taps, and sentences.

import { short } from "../core/numbers.js"

/** @typedef {{ low: number, high: number, count: number }} Bin Of the numbers from low to high. */

const MOST_BARS = 12

/**
 * The bars of a histogram: one for each number while there are few, else bins of equal width.
 *
 * @param {[value: number, count: number][]} tally In the order of the values.
 * @returns {Bin[]}
 */
export function bins(tally, most = MOST_BARS) {
  if (tally.length <= most) return tally.map(([value, count]) => ({ low: value, high: value, count }))
  const [first, last] = [tally[0][0], tally[tally.length - 1][0]]
  const step = nice((last - first) / most)
  const start = Math.floor(first / step)
  const found = Array.from({ length: Math.floor(last / step) - start + 1 }, (_, i) =>
    ({ low: (start + i) * step, high: (start + i + 1) * step, count: 0 }))
  for (const [value, count] of tally) found[Math.floor(value / step) - start].count += count
  return found
}

/**
 * The next larger width that is 1, 2 or 5 times a power of ten.
 *
 * @param {number} width
 */
export function nice(width) {
  const power = 10 ** Math.floor(Math.log10(width))
  return ([1, 2, 5].find(times => times * power >= width) ?? 10) * power
}

/**
 * Whether a bar includes a number.
 *
 * @param {Bin} bin
 * @param {number | null | undefined} value
 */
export const holds = ({ low, high }, value) =>
  typeof value === "number" && (low === high ? value === low : value >= low && value < high)

/** @param {Bin} bin */
export const span = ({ low, high }) => (low === high ? short(low) : `${short(low)} …`)

/**
 * How many taps fell near each cell of height × width, relative to the maximum: every tap is a hill
 * with a radius of `radius` cells.
 *
 * @param {[row: number, column: number, count: number][]} taps
 * @param {number} height
 * @param {number} width
 * @param {number} radius
 */
export function heat(taps, height, width, radius) {
  const found = new Float32Array(height * width)
  const reach = Math.ceil(2.5 * radius)
  for (const [row, column, count] of taps) {
    for (let i = Math.max(0, row - reach); i <= Math.min(height - 1, row + reach); i++) {
      for (let j = Math.max(0, column - reach); j <= Math.min(width - 1, column + reach); j++) {
        found[i * width + j] += count * Math.exp(-((i - row) ** 2 + (j - column) ** 2) / (2 * radius * radius))
      }
    }
  }
  const most = found.reduce((larger, one) => Math.max(larger, one), 0)
  return most ? found.map(one => one / most) : found
}

/**
 * How many people, in words.
 *
 * @param {number} count
 * @param {string} verb
 */
export const people = (count, verb = "") => `${count} ${count === 1 ? "person" : "people"}${verb ? ` ${verb}` : ""}`

/**
 * Whether a result belongs to the question.
 *
 * @param {{ n: number } | null} question
 * @param {{ n: number } | null} result
 */
export const answers = (question, result) => question !== null && result?.n === question.n

/** @typedef {{ right: boolean | null, mine: unknown, kind: string, truth?: unknown }} Own A result, with the own answer. */

/**
 * Whether the verdict says the number that was asked for.
 *
 * @param {Own} result
 */
export const saysTruth = ({ right, mine, kind, truth }) =>
  mine !== null && mine !== undefined && right === false && kind === "number" && typeof truth === "number"

/**
 * What a follower is told about their own answer.
 *
 * @param {Own} result
 */
export function verdict(result) {
  const { mine, right, truth } = result
  if (mine === null || mine === undefined) return "You gave no answer."
  if (right) return "Yours was right."
  if (right === null) return "Yours is among them."
  return saysTruth(result) ? `Not this time: it is ${short(Number(truth))}.` : "Not this time."
}
