// @ts-check
// The numbers of a cell's sum as they are written: the products, the sum of each channel, the division,
// the bias. The written terms add up to the written sum; all terms have as many decimals as their sum.

import { LEGIBLE, adding, decimalsForSum, fixed, short } from "../core/numbers.js"

/** @import { Reading } from "./reading.js" */

const MORE = 4 // how many more decimals are tried

/**
 * `products` of each channel, their sums as `parts`, and both as the terms of the `total`; `share`, the
 * total after the division, and the `bias` give the feature. `text` writes a term. `rounded` says that a
 * number differs from the exact one, `adds` that the numbers add up as they are written.
 *
 * @typedef {{ products: number[][], parts: number[], terms: number[], total: number, share: number,
 *   bias: number, text: (value: number) => string, rounded: boolean, adds: boolean }} WrittenSum
 */

/**
 * @param {Pick<Reading, "chain" | "channels" | "features" | "total">} reading
 * @returns {WrittenSum}
 */
export function writtenSum({ chain: { bias, divisor }, channels, features, total }) {
  const exact = channels.map(({ taps }) => taps.map(tap => tap.product))
  const divides = divisor !== 1
  const largest = Math.max(...exact.flat().map(Math.abs))
  const tiny = largest > 0 && largest < LEGIBLE // numbers written as powers of ten share no decimals
  const enough = decimalsForSum(divides ? exact.flat() : [...exact.flat(), bias], divides ? total : features)
  const decimals = channels.length > 1 ? fitting(channels.map(({ sum }) => sum), total, enough) : enough
  const last = divides ? decimalsForSum([total / divisor, bias], features) : decimals
  const end = tiny ? { terms: [total / divisor, bias], sum: features } : adding([total / divisor, bias], features, last)
  const whole = divides || tiny ? total : end.terms[0]
  const add = (/** @type {number[]} */ terms, /** @type {number} */ sum) => (tiny ? { terms, sum } : adding(terms, sum, decimals))
  const sums = channels.map(({ sum }, c) => add(exact[c], channels.length > 1 ? sum : whole))
  const parts = add(channels.map(({ sum }) => sum), whole)
  const products = sums.map(({ terms }) => terms)
  const ends = short(end.sum) === short(features)
  return {
    products, parts: sums.map(({ sum }) => sum), terms: channels.length > 1 ? parts.terms : products[0],
    total: parts.sum, share: end.terms[0], bias: end.terms[1],
    text: value => (tiny ? short(value) : fixed(value, decimals)),
    rounded: !ends || products.flat().some((product, i) => short(product, 12) !== short(exact.flat()[i], 12)),
    adds: !tiny && ends,
  }
}

/**
 * The number of decimals, at least `enough`, with which the rounded parts of the channels add up, without
 * adjusting any: each part is also written beside its products.
 *
 * @param {number[]} parts
 * @param {number} total
 * @param {number} enough
 */
function fitting(parts, total, enough) {
  const fits = (/** @type {number} */ decimals) =>
    adding(parts, total, decimals).terms.every((term, i) => fixed(term, decimals) === fixed(parts[i], decimals))
  return Array.from({ length: MORE }, (_, more) => enough + more).find(fits) ?? enough
}
