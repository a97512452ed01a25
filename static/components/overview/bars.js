// @ts-check
// A short vector of an overview as bars: one for each number, from the line of 0, with its name
// and value.

import { short } from "../core/numbers.js"
import { BARS } from "./layout.js"
import { channelAt } from "./strip.js"

/** @import { Drawn } from "./drawing.js" */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} drawn
 */
export function drawBars(context, { strip, place, exact, look }) {
  const values = [...(exact ?? [])]
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const level = (/** @type {number} */ value) => ((high - value) / (high - low || 1)) * BARS.height
  context.textAlign = "center"
  values.forEach((value, i) => {
    const [x, top, w] = place.box(i)
    const [zero, end] = [top + BARS.above + level(0), top + BARS.above + level(value)]
    context.fillStyle = value === Math.max(...values) ? look.accent : `color-mix(in srgb, ${look.accent} 45%, transparent)`
    context.fillRect(x + 0.14 * w, Math.min(zero, end), 0.72 * w, Math.max(1, Math.abs(end - zero)))
    context.fillStyle = look.text
    const write = (/** @type {string} */ text, /** @type {number} */ y, /** @type {number} */ size) => {
      context.font = `${Math.max(7, Math.min(size, (1.6 * w) / Math.max(3, text.length)))}px ${look.font}`
      context.fillText(text, x + w / 2, y)
    }
    write(short(value, w < 40 ? 2 : 3), top + BARS.above - 5 + Math.min(level(value), level(0)), 11)
    write(fitting(strip.labels[channelAt(strip, i)] ?? String(channelAt(strip, i)), w), top + BARS.above + BARS.height + 14, 12)
  })
  context.strokeStyle = look.border
  context.lineWidth = 1
  const y = Math.round(place.box(0)[1] + BARS.above + level(0)) + 0.5
  context.beginPath()
  context.moveTo(0, y)
  context.lineTo(place.count * place.w, y)
  context.stroke()
}

/**
 * @param {string} text
 * @param {number} width
 */
const fitting = (text, width) => (text.length * 5 > width ? `${text.slice(0, Math.max(1, Math.floor(width / 6)))}…` : text)
