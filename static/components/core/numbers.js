// @ts-check
// Numbers as they are written: a true minus sign, and digits that add up.

const MINUS = "−"
const THIN = "\u202f" // does not break
export const DECIMALS = 3
const [LEAST, MOST] = [3, 9] // significant digits of a number that is not whole
export const LEGIBLE = 1e-4 // a smaller number is written as a power of ten
const LONG = 1e15 // and a larger one from here on

/**
 * A number with thin spaces between groups of three digits of its whole part, if that has five
 * or more: as in Python, see cnnviz/ui/widgets/formatting.py.
 *
 * @param {string} text
 */
const inGroups = text =>
  text.replace(/^(\D*)(\d{5,})/, (_, before, digits) => before + digits.replace(/\B(?=(\d{3})+$)/g, THIN))

/** @param {string} text */
export const sign = text => text.replace("-", MINUS)

/**
 * A number with a fixed count of decimals; one of very many digits as a power of ten.
 *
 * @param {number} value
 * @param {number} decimals
 */
export const fixed = (value, decimals) => {
  if (Math.abs(value) >= LONG) return short(value)
  const text = inGroups(sign(value.toFixed(decimals)))
  return /^−0(\.0*)?$/.test(text) ? text.slice(1) : text
}

/**
 * The same for cells of a grid: a number that these decimals would hide is written as elsewhere, unless
 * it is only the rounding error of the largest.
 *
 * @param {number} value
 * @param {number} decimals
 * @param {number} largest
 */
export const legible = (value, decimals, largest) =>
  Math.abs(value) < LEGIBLE && Math.abs(value) > 1e-9 * largest ? short(value) : fixed(value, decimals)

/**
 * An exponent in small raised digits.
 *
 * @param {string} exponent
 */
export const raised = exponent =>
  [...String(Number(exponent))].map(sign => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")

/**
 * A number in the format used all over the screen: whole numbers in full, others with three decimals,
 * and below 0.1 with three significant digits. Where space is short, with `digits` significant digits.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function short(value, digits) {
  if (!Number.isFinite(value)) return sign(String(value)).replace("Infinity", "∞")
  if (Number.isInteger(value) && Math.abs(value) < LONG) return inGroups(sign(String(value)))
  const size = Math.floor(Math.log10(Math.abs(value)))
  if (size < -4 || size >= 15) {
    const [mantissa, exponent] = value.toExponential((digits ?? LEAST) - 1).split("e")
    return sign(`${Number(Number(mantissa).toFixed(2))}·10${raised(exponent)}`)
  }
  const decimals = digits ? Math.max(0, digits - 1 - size) : decimalsOf(value)
  return inGroups(sign(String(Number(value.toFixed(decimals)))))
}

/**
 * The same for an asymptote that is never reached: "≈ 1" for the tanh of 7, which is below 1.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function near(value, digits) {
  const text = short(value, digits)
  return ["0", "1", MINUS + "1"].includes(text) && !Number.isInteger(value) ? `≈ ${text}` : text
}

/**
 * A share from 0 to 1 in percent, as in Python: only exactly 0 is 0 % and only exactly 1 is 100 %.
 *
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < 0.01) return "<\u00a01\u00a0%"
  if (share > 0.99 && share < 1) return ">\u00a099\u00a0%"
  return `${(100 * share).toFixed(0)}\u00a0%`
}

/**
 * How many decimals a number that is not whole is written with.
 *
 * @param {number} value
 */
function decimalsOf(value) {
  const size = value ? Math.floor(Math.log10(Math.abs(value))) : 0
  return Math.max(0, Math.min(Math.max(DECIMALS, LEAST - 1 - size), MOST - 1 - size))
}

/**
 * How many decimals the terms of a sum get: as many as write them all exactly, and at most as many as
 * the sum has elsewhere on the screen, so that they add up to it.
 *
 * @param {number[]} terms
 * @param {number} sum
 */
export function decimalsForSum(terms, sum) {
  const all = [...terms, sum]
  const largest = Math.max(...all.map(Math.abs))
  // Beyond these digits there is only the rounding error of the largest term, all that is left of a
  // sum that cancels.
  const sensible = largest ? Math.min(12, Math.max(0, MOST - 1 - Math.floor(Math.log10(largest)))) : 0
  const most = Math.min(sensible, decimalsOf(Number(sum.toFixed(sensible))))
  const exact = Array.from({ length: most }, (_, decimals) => decimals).find(decimals => all.every(value => isWhole(value * 10 ** decimals)))
  return exact ?? most
}

/**
 * Whether a number is whole but for the rounding error of a computation.
 *
 * @param {number} value
 */
const isWhole = value => Math.abs(value - Math.round(value)) < 1e-6

/**
 * How many decimals numbers in a small space need: none if all are whole, else for 4 digits or so.
 *
 * @param {number[]} values
 */
export function decimalsFor(values) {
  if (values.every(Number.isInteger)) return 0
  const largest = Math.max(...values.map(Math.abs), 1e-9)
  return Math.min(10, Math.max(1, 3 - Math.floor(Math.log10(largest))))
}

/**
 * The terms of a sum, rounded so that the numbers as written add up to the sum as written: the sum is
 * rounded as usual, and the terms with the largest rounding errors are adjusted by one in the last
 * place.
 *
 * @param {number[]} terms
 * @param {number} sum
 * @param {number} decimals
 */
export function adding(terms, sum, decimals) {
  const unit = 10 ** decimals
  const scaled = terms.map(term => term * unit)
  const rounded = scaled.map(Math.round)
  const whole = Math.round(Number(sum.toFixed(decimals)) * unit) // a half is rounded as in `fixed`
  let gap = whole - rounded.reduce((total, term) => total + term, 0)
  const lost = scaled.map((term, i) => ({ i, by: term - rounded[i] })).filter(({ i }) => scaled[i] !== rounded[i])
  lost.sort((a, b) => (gap > 0 ? b.by - a.by : a.by - b.by))
  for (const { i } of lost) {
    if (gap === 0) break
    rounded[i] += Math.sign(gap)
    gap -= Math.sign(gap)
  }
  return { terms: rounded.map(term => term / unit), sum: whole / unit }
}

/**
 * The number that was typed; NaN if it is not a number.
 *
 * @param {string} text
 */
export function typed(text) {
  const plain = text.replace(/\s/g, "").replace(/[−–]/g, "-").replace(",", ".")
  return plain ? Number(plain) : NaN
}
