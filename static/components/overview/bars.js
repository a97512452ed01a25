// @ts-check
// A short vector of an overview as bars: one for each number, from the zero line, with its name and
// value.

import { percent, short } from "../core/numbers.js"
import { large } from "../core/present.js"
import { channelAt } from "./layer-row.js"
import { sizesOfBars } from "./layout.js"

/** @import { Drawn } from "./drawing.js" */
/** @import { LayerRow } from "./layer-row.js" */
/** @import { Place } from "./layout.js" */

const TEXT = 12 // CSS pixels
const NAMES = [TEXT, 11, 10] // of the names: the largest in which all of them are whole
const DIGITS = [3, 2, 1] // digits of a value: as many as fit above its bar

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} drawn
 */
export function drawBars(context, { layer, place, exact, style }) {
  const values = [...(exact ?? [])]
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const bar = sizesOfBars()
  const level = (/** @type {number} */ value) => ((high - value) / (high - low || 1)) * bar.height
  context.textAlign = "center"
  const write = (/** @type {number} */ size) => { context.font = `${size * large()}px ${style.font}` }
  const fits = (/** @type {string} */ text, /** @type {number} */ width) => context.measureText(text).width <= width
  const { size, lines } = names(layer, place, bar, (text, size, width) => {
    write(size)
    return fits(text, width)
  })
  values.forEach((value, i) => {
    const [x, top, w] = place.box(i)
    const [zero, end] = [top + bar.above + level(0), top + bar.above + level(value)]
    context.fillStyle = value === Math.max(...values) ? style.accent : `color-mix(in srgb, ${style.accent} 45%, transparent)`
    context.fillRect(x + 0.14 * w, Math.min(zero, end), 0.72 * w, Math.max(1, Math.abs(end - zero)))
    context.fillStyle = style.text
    const middle = x + w / 2
    const texts = layer.shares ? [percent(value)] : DIGITS.map(digits => short(value, digits))
    write(TEXT)
    const number = texts.find(text => fits(text, w - 1)) ?? ""
    context.fillText(number, middle, top + bar.above - 5 * large() + Math.min(level(value), level(0)))
    write(size)
    lines[i].forEach((text, line) =>
      context.fillText(text, middle, top + bar.above + bar.height + bar.line * (1 + line)))
  })
  context.strokeStyle = style.border
  context.lineWidth = 1
  const y = Math.round(place.box(0)[1] + bar.above + level(0)) + 0.5
  context.beginPath()
  context.moveTo(0, y)
  context.lineTo(place.count * place.w, y)
  context.stroke()
}

/**
 * The names below the bars, each in lines: all in the largest letters in which none of them is cut.
 *
 * @param {Pick<LayerRow, "shape" | "order" | "labels">} layer
 * @param {Pick<Place, "count" | "height" | "w">} place
 * @param {{ above: number, height: number, below: number }} bar
 * @param {(text: string, size: number, width: number) => boolean} fits
 */
export function names(layer, { count, height, w }, bar, fits) {
  const most = height > bar.above + bar.height + bar.below ? 2 : 1
  const all = Array.from({ length: count }, (_, i) => layer.labels[channelAt(layer, i)] ?? String(channelAt(layer, i)))
  const at = (/** @type {number} */ size) => all.map(name => linesOf(name, text => fits(text, size, w - 2), most))
  const size = NAMES.find(size => at(size).every((lines, i) => lines.join(" ") === all[i])) ?? TEXT
  return { size, lines: at(size) }
}

/**
 * A name in at most `most` lines that fit; the rest of it is left out.
 *
 * @param {string} label
 * @param {(text: string) => boolean} fits
 * @param {number} most
 */
export function linesOf(label, fits, most) {
  const [first, ...words] = label.split(" ")
  const lines = [first]
  for (const word of words) {
    const longer = `${lines[lines.length - 1]} ${word}`
    if (lines.length === most || fits(longer)) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.map(line => shortened(line, fits))
}

/**
 * As much of a text as fits, with an ellipsis for the rest.
 *
 * @param {string} text
 * @param {(text: string) => boolean} fits
 */
export function shortened(text, fits) {
  if (fits(text)) return text
  let length = text.length - 1
  while (length > 1 && !fits(`${text.slice(0, length).trimEnd()}…`)) length--
  return `${text.slice(0, length).trimEnd()}…`
}
