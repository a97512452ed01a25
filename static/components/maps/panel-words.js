// @ts-check
// The words and signs in which the panel describes the cell under the cursor.

import { short, typed } from "../core/numbers.js"
import { isUntouched, standard } from "./arithmetic.js"

/** @import { Pooled, Place, Tap } from "./arithmetic.js" */
/** @import { Chain, Norm } from "./header.js" */
/** @import { Reading } from "./reading.js" */
/** @import { WrittenSum } from "./written-sum.js" */

const MOST_TERMS = 12
const POOLED = 3 // significant digits of a number in a pooling window

/**
 * A number with its sign in front, even a +; 0 has none.
 *
 * @param {string} text
 */
export const signed = text => (text.startsWith("−") || typed(text) === 0 ? text : `+${text}`)

/**
 * The sum: the terms, the division, the bias where there is one, a line each.
 *
 * @param {Reading} reading
 * @param {WrittenSum} written
 */
export function sumLines({ chain: { bias, divisor }, channels }, written) {
  const several = channels.length > 1
  const shown = written.terms.filter(term => several || term !== 0)
  const terms = shown.length > MOST_TERMS ? `${shown.length} products` : joined(shown, written.text)
  const whole = written.text(written.total)
  const followed = several || divisor !== 1 || bias
  const lines = [!followed ? terms : shown.length > 1 ? `${terms} = ${whole}` : whole]
  if (divisor !== 1) lines.push(`÷ ${short(divisor)} = ${short(written.share)}`)
  if (bias) lines.push(shift(written.bias))
  return lines
}

/**
 * The bias as it is added.
 *
 * @param {number} bias
 */
const shift = bias => `bias ${bias < 0 ? "−" : "+"} ${short(Math.abs(bias))}`

/**
 * @param {number[]} values
 * @param {WrittenSum["text"]} written
 */
const joined = (values, written) =>
  values.map((value, i) => {
    const text = written(Math.abs(value))
    return value < 0 ? `− ${text}` : i ? `+ ${text}` : text
  }).join(" ") || "0"

/**
 * Batch normalisation: minus the mean, divided by the spread; then stretched and shifted.
 *
 * @param {Norm} norm
 * @param {number} entering
 */
export function normLines(norm, entering) {
  const { beta, epsilon, gamma, mean, variance } = norm
  const whole = short(standard(norm, entering))
  return [
    `(${short(entering)} − ${bracketed(mean)})`,
    `÷ √(${short(variance)} + ${short(epsilon)}) = ${whole}`,
    `γ ${short(gamma)} × ${whole} ${beta < 0 ? "−" : "+"} β ${short(Math.abs(beta))}`,
  ]
}

/**
 * A number; in brackets where it is negative.
 *
 * @param {number} value
 */
const bracketed = value => (value < 0 ? `(${short(value)})` : short(value))

/**
 * The note below the arithmetic.
 *
 * @param {Reading} reading
 * @param {WrittenSum} written
 */
export function note(reading, { adds, rounded }) {
  const { activated, chain, features, normalised, pooled, poolings } = reading
  const window = pooled?.cells.filter(({ outside }) => !outside) ?? []
  const coarse = window.some(({ value }) => short(value, POOLED) !== short(value, 17))
  const numbers = [features, activated, normalised ?? 0, ...poolings.map(({ result }) => result)]
  const inexact = coarse || numbers.some(value => short(value) !== short(value, 17))
  const sums = adds && !(coarse && poolings.some(({ kind }) => kind === "average"))
  return [
    rounded || inexact ? `Values rounded for display${sums ? "; they add up as shown" : ""}.` : "",
    paddingNote(reading),
    chain.pooling && isUntouched(chain) && !pooled ? "No window reads this cell." : "",
  ].filter(Boolean).join(" ")
}

/** @param {Reading} reading */
function paddingNote({ chain, channels }) {
  const added = channels[0].taps.filter(tap => tap.outside)
  if (!added.length) return ""
  const one = added.length === 1
  const lie = `${one ? "One cell" : `${added.length} cells`} of the window ${one ? "lies" : "lie"} in the padding`
  const [{ at, from }] = added
  if (chain.mode === "zeros" || !from) return `${lie} and ${one ? "holds" : "hold"} 0.`
  return `${lie} (${chain.mode}): ${placeOf(at)} takes its value from ${placeOf(from)}.`
}

/**
 * The description of the cell for screen readers.
 *
 * @param {Reading} reading
 */
export function told({ chain, cell, channels, features, normalised, activated, pooled, poolings }) {
  if (pooled && isUntouched(chain)) {
    const results = poolings.map(({ kind, result }) => `${kind === "max" ? "largest" : "mean"} ${short(result)}`)
    return `Pooled row ${pooled.cell[0]}, column ${pooled.cell[1]}: ${results.join(", ")}.`
  }
  const products = channels.flatMap(({ taps }) => taps).filter(tap => tap.product !== 0)
  const sum = products.slice(0, MOST_TERMS).map(tap => `${short(tap.value)} × ${short(tap.weight)}`).join(" + ")
  const more = products.length > MOST_TERMS ? ` and ${products.length - MOST_TERMS} more` : ""
  const then = (chain.divisor === 1 ? "" : `, ÷ ${short(chain.divisor)}`) + (chain.bias ? `, ${shift(chain.bias)}` : "")
  const steps = [`${chain.activationTitle}: ${short(activated)}.`]
  if (chain.norm && normalised !== null) {
    steps.splice(chain.norm.place === "before" ? 0 : 1, 0, `Batch norm: ${short(normalised)}.`)
  }
  return `Row ${cell[0]}, column ${cell[1]}: ${sum || "0"}${more}${then} = ${short(features)}. ` +
    steps.join(" ") + (pooled ? ` Pooled: ${short(pooled.result)}.` : "")
}

/**
 * The position of a value of the window, in words.
 *
 * @param {Tap} tap
 * @param {Chain["mode"]} mode
 */
export function where({ at, from }, mode) {
  if (!from) return `${placeOf(at)}: padding, 0`
  if (isSame(from, at)) return placeOf(at)
  return `${placeOf(at)}: padding (${mode}), from ${placeOf(from)}`
}

/**
 * A place in words; in the padding before the picture, rows and columns are negative.
 *
 * @param {Place} place
 */
const placeOf = ([row, column]) => `row ${short(row)}, column ${short(column)}`

/**
 * The text for a cell of a pooling window.
 *
 * @param {Pooled["cells"][number]} cell
 * @param {NonNullable<Chain["pooling"]>} pooling
 */
export function pooledText({ beyond, outside, value }, { include, kind }) {
  if (!outside) return short(value, POOLED)
  return kind === "max" || beyond || !include ? "–" : "0"
}

/**
 * Whether two cells are the same.
 *
 * @param {Place} one
 * @param {Place} other
 */
export const isSame = (one, other) => one[0] === other[0] && one[1] === other[1]
