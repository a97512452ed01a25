// @ts-check
// The arrangement of maps in a figure, and the words about them.

import { extent, isUntouched } from "../maps/arithmetic.js"

/** @import { Chain, Pooling } from "../maps/header.js" */

/**
 * How many columns the places are laid out in, each with up to `deep` maps stacked.
 *
 * @param {number} count
 * @param {number} deep
 */
export function columnsOf(count, deep) {
  if (count <= 4 || deep > 1) return Math.min(count, 8)
  return count <= 6 ? 3 : count <= 8 ? 4 : 5
}

/**
 * The name of a map: "2 Convolution: Sobel x". A picture, or a map whose title already names its
 * place, has just its title.
 *
 * @param {string} place The number and the name of its place.
 * @param {{ title: string, stage: number }} map
 */
export function called(place, { stage, title }) {
  const [, number, name] = place.match(/^(\d*) ?(.*)$/) ?? []
  const all = title.toLowerCase().includes(name.toLowerCase())
  const own = !title ? name : !name || stage === 0 || all ? title : `${name}: ${title}`
  return `${number} ${own}`.trim()
}

/**
 * The steps of a chain in words.
 *
 * @param {Chain} chain
 */
export function steps(chain) {
  const { activation, activationTitle, norm, pooling } = chain
  const found = isUntouched(chain) ? [] : [convolution(chain)]
  const activated = activation === "none" ? [] : [activationTitle]
  const normed = norm ? ["batch norm"] : []
  found.push(...(norm?.place === "before" ? [...normed, ...activated] : [...activated, ...normed]))
  if (pooling) found.push(pooled(pooling))
  return found
}

/** @param {Chain} chain */
function convolution(chain) {
  const { bias, dilation, mode, pads, stride, title } = chain
  const words = [`${title} ${extent(chain).join(" × ")}`, `stride ${both(stride)}`]
  const sides = pads.flat()
  const holds = mode === "zeros" || !sides.some(Boolean) ? "" : ` (${mode})`
  words.push(`padding ${sides.every(side => side === sides[0]) ? sides[0] : sides.join(", ")}${holds}`)
  if (String(dilation) !== "1,1") words.push(`dilation ${both(dilation)}`)
  if (bias) words.push(`bias ${String(bias).replace("-", "−")}`)
  return words.join(", ")
}

/** @param {Pooling} pooling */
const pooled = ({ kind, pads, stride, window }) =>
  `${kind} pooling ${window.join(" × ")}, stride ${both(stride)}${pads.some(Boolean) ? `, padding ${both(pads)}` : ""}`

/** @param {[number, number]} pair */
const both = pair => (pair[0] === pair[1] ? String(pair[0]) : `${pair[0]} down, ${pair[1]} across`)
