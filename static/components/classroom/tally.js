// @ts-check
// Summaries of a class's answers: histogram bars, a heat map of taps, and sentences.

import { short } from "../core/numbers.js"

/** @typedef {[value: number, count: number, right?: boolean | null]} Counted */
/**
 * @typedef {{ low: number, high: number, count: number, right: boolean }} Bin Of the numbers from low to
 *   high, or beyond them if one is infinite; and whether a right one is among them.
 */

const MOST_BARS = 12
const TAIL = 0.1 // share of the answers at each end that may lie far from the rest

/**
 * The bars of a histogram: one for each number while there are few, else bins of equal width. A number
 * far from the others is counted in an open bar at the end; otherwise it would squeeze all others into
 * one bar.
 *
 * @param {Counted[]} tally In the order of the values.
 * @returns {Bin[]}
 */
export function bins(tally, most = MOST_BARS) {
  if (tally.length <= most) return tally.map(one => bin(one[0], one[0], [one]))
  const [low, high] = usual(tally)
  const within = tally.filter(([value]) => value >= low && value <= high)
  const [first, last] = [within[0][0], within[within.length - 1][0]]
  const step = nice((last - first) / most)
  const start = steps(first, step)
  const bars = Array.from({ length: steps(last, step) - start + 1 }, (_, i) =>
    bin((start + i) * step, (start + i + 1) * step, within.filter(([value]) => steps(value, step) === start + i)))
  const below = bin(-Infinity, bars[0].low, tally.filter(([value]) => value < low))
  const above = bin(bars[bars.length - 1].high, Infinity, tally.filter(([value]) => value > high))
  return [below, ...bars, above].filter(({ count, low, high }) => count || Number.isFinite(high - low))
}

/**
 * @param {number} low
 * @param {number} high
 * @param {Counted[]} among
 * @returns {Bin}
 */
const bin = (low, high, among) =>
  ({ low, high, count: among.reduce((sum, [, count]) => sum + count, 0), right: among.some(([, , right]) => right) })

/**
 * The range in which answers are not far from the rest.
 *
 * @param {Counted[]} tally
 */
function usual(tally) {
  const all = tally.flatMap(([value, count]) => Array(count).fill(value))
  const [low, high] = [TAIL, 1 - TAIL].map(share => all[Math.round(share * (all.length - 1))])
  const reach = high - low || Infinity
  return [low - reach, high + reach]
}

/**
 * How many whole steps a number is from 0. For 0.3 in steps of 0.1 this is 3, although the quotient is
 * slightly less.
 *
 * @param {number} value
 * @param {number} step
 */
function steps(value, step) {
  const nearest = Math.round(value / step)
  return Math.abs(value / step - nearest) < 1e-9 ? nearest : Math.floor(value / step)
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
export function holds({ low, high }, value) {
  if (typeof value !== "number") return false
  if (low === high) return value === low
  if (!Number.isFinite(high - low)) return value >= low && value < high
  return steps(value, high - low) === steps(low, high - low)
}

/** @param {Bin} bin */
export function span({ low, high }) {
  if (low === high) return short(low)
  return low === -Infinity ? `… ${short(high)}` : `${short(low)} …`
}

/**
 * The bars as they are labelled: numbers that are written alike share one.
 *
 * @param {Counted[]} tally
 * @param {number | null | undefined} mine
 */
export function bars(tally, mine) {
  /** @type {{ text: string, count: number, right: boolean, mine: boolean }[]} */
  const lines = []
  for (const bin of bins(tally)) {
    const { count, right } = bin
    const line = { text: span(bin), count, right, mine: holds(bin, mine) }
    const last = lines[lines.length - 1]
    if (last?.text !== line.text || last.right !== right) lines.push(line)
    else lines.splice(-1, 1, { ...line, count: last.count + count, mine: last.mine || line.mine })
  }
  return lines
}

/**
 * How many taps fell near each of height × width cells, relative to the maximum: every tap is a
 * hill with a radius of `radius` cells.
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
 * How many found what was asked for, in words; empty if no one answered.
 *
 * @param {any[][]} tally Each entry ends with a count, and whether that answer was right.
 */
export function found(tally) {
  const count = tally.reduce((sum, entry) => sum + (entry.at(-1) ? entry.at(-2) : 0), 0)
  return tally.length ? `${count ? people(count) : "No one"} found it.` : ""
}

/**
 * Whether a result belongs to the question.
 *
 * @param {{ n: number } | null} question
 * @param {{ n: number } | null} result
 */
export const answers = (question, result) => question !== null && result?.n === question.n

/** @typedef {{ kernel: number[][], count: number, right: boolean | null }} Drawn */
/**
 * @typedef {{ right: boolean | null, mine: unknown, kind: string, truth?: unknown, tally?: any }} Own A result,
 *   with this tab's own answer.
 */

/**
 * Whether the verdict states the number that was asked for.
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
  if (right === null) return isLeftOut(result) ? "Yours was counted." : "Yours is among them."
  return saysTruth(result) ? `Not this time: it is ${short(Number(truth))}.` : "Not this time."
}

/**
 * Whether this tab's own kernel is not shown: of many different kernels, only some are.
 *
 * @param {Own} result
 */
const isLeftOut = ({ kind, mine, tally }) =>
  kind === "draw" && tally.kernels.every((/** @type {Drawn} */ { kernel }) => String(kernel) !== String(mine))
