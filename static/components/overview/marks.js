// @ts-check
// The marks on an overview: the cell in hand, what it sees, and what a class is asked about.

import { AMBER, grown } from "../core/overlay.js"
import { large } from "../core/present.js"
import { channelAt, placeOf } from "./layer-row.js"
import { rectangle } from "./layout.js"

/** @import { Box, Context } from "../core/overlay.js" */
/** @import { Drawn, Style } from "./drawing.js" */
/** @import { Region } from "./layer-row.js" */
/** @import { Place } from "./layout.js" */

const MARK = 40 // CSS pixels, the size of a question mark
const TEXT = 12 // CSS pixels, the size of what is written on a map
export const SMALLEST = 5 // CSS pixels; a mark around less would not be seen

/**
 * Mark a region: amber for the cell in hand, the accent for what it sees.
 *
 * @param {Context} context
 * @param {Drawn} drawn
 * @param {Region} region
 * @param {boolean} isCell
 */
export function mark(context, { layer, place, style }, { channels, rows, columns }, isCell) {
  const colour = isCell ? AMBER : style.accent
  const [, height, width] = layer.shape
  const all = rows[0] === 0 && columns[0] === 0 && rows[1] === height - 1 && columns[1] === width - 1
  if (place.kind === "cells" && channels[0] === 0 && channels[1] >= place.count - 1 && place.count > 1) {
    const [x, y] = place.box(0)
    around(context, [x, y, Math.min(place.count, place.columns) * place.w, place.height], colour, 2, 1)
    return
  }
  const one = placeOf(layer, channels[0])
  if (isCell && !layer.vector && !layer.large && one >= 0) around(context, place.box(one), style.accent, 1.5, 1)
  for (let i = 0; i < place.count; i++) {
    const channel = channelAt(layer, i)
    if (channel < channels[0] || channel > channels[1]) continue
    if (all && !isCell) around(context, place.box(i), colour, 1.5, 1)
    else around(context, grown(rectangle(place, layer.shape, i, rows, columns), SMALLEST), colour, 2, 0)
  }
}

/**
 * @param {Context} context
 * @param {Box} box
 * @param {string} colour
 * @param {number} line CSS pixels; so is `away`, from the box.
 * @param {number} away
 */
export function around(context, [x, y, w, h], colour, line, away) {
  context.lineWidth = line + 1.5
  context.strokeStyle = "rgb(0 0 0 / 35%)"
  context.strokeRect(x - away, y - away, w + 2 * away, h + 2 * away)
  context.lineWidth = line
  context.strokeStyle = colour
  context.strokeRect(x - away, y - away, w + 2 * away, h + 2 * away)
}

/**
 * Draw a question mark over the layer that a class is asked about.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {number} width
 * @param {Style} style
 */
export function hide(context, { y, height }, width, style) {
  context.fillStyle = `color-mix(in srgb, ${style.text} 12%, transparent)`
  context.fillRect(0, y, width, height)
  context.fillStyle = style.text
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.font = `600 ${Math.min(height, MARK)}px ${style.font}`
  context.fillText("?", width / 2, y + height / 2)
  context.textBaseline = "alphabetic"
}

/**
 * Label maps that are black all over: they are 0 everywhere.
 *
 * @param {Context} context
 * @param {Box[]} boxes
 * @param {Style} style
 */
export function sayZeros(context, boxes, style) {
  context.font = `${TEXT * large()}px ${style.font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.fillStyle = "rgb(190 190 190)"
  for (const [x, y, w, h] of boxes) {
    const text = ["all 0", "0"].find(text => context.measureText(text).width < w - 4)
    if (text && h > TEXT * large()) context.fillText(text, x + w / 2, y + h / 2)
  }
  context.textBaseline = "alphabetic"
}
