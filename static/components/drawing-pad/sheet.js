// @ts-check
// How the sheet of a drawing pad looks: chalk on black, as the networks see it.

import { pen } from "../core/dom.js"
import { AMBER } from "../core/overlay.js"

/** @import { Point, Stroke } from "./strokes.js" */

export const SHEET = 256 // units a side
const SHOWN = 512 // pixels per side of the canvas
const WIDTHS = { d: 22, e: 52 } // units, as in cnnviz/images/drawings.py
const GREY = "rgb(123 117 104)" // the mean of the photos that the network was trained on
const SCALE = SHOWN / SHEET

/** @param {HTMLCanvasElement} canvas */
export function prepare(canvas) {
  canvas.width = canvas.height = SHOWN
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Stroke[]} strokes
 * @param {Point | null} cross Where the arrow keys are, if they draw.
 * @param {boolean} over A picture lies under the sheet, and is painted over in grey.
 */
export function drawSheet(canvas, strokes, cross, over = false) {
  const context = pen(canvas)
  context.clearRect(0, 0, SHOWN, SHOWN)
  context.fillStyle = "#000000"
  if (!over) context.fillRect(0, 0, SHOWN, SHOWN)
  context.lineCap = context.lineJoin = "round"
  for (const stroke of strokes) drawStroke(context, stroke, over)
  context.globalCompositeOperation = "source-over"
  if (cross) drawCross(context, onCanvas(cross))
  else if (!strokes.length && !over) drawHint(context)
}

/**
 * @param {Point} point
 * @returns {[x: number, y: number]}
 */
const onCanvas = ([x, y]) => [(x + 0.5) * SCALE, (y + 0.5) * SCALE]

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {boolean} over
 */
function drawStroke(context, { tool, points }, over) {
  const erases = tool === "e"
  context.globalCompositeOperation = over && erases ? "destination-out" : "source-over"
  context.strokeStyle = over ? GREY : erases ? "#000000" : "#ffffff"
  context.lineWidth = WIDTHS[tool] * SCALE
  context.beginPath()
  const places = points.map(onCanvas)
  places.forEach((place, i) => (i ? context.lineTo(...place) : context.moveTo(...place)))
  if (places.length === 1) context.lineTo(places[0][0] + 0.01, places[0][1]) // a dot
  context.stroke()
}

/** @param {CanvasRenderingContext2D} context */
function drawHint(context) {
  context.fillStyle = "#8b93a1"
  context.textAlign = "center"
  context.font = "34px sans-serif"
  context.fillText("Draw here", SHOWN / 2, SHOWN / 2)
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[x: number, y: number]} place
 */
function drawCross(context, [x, y]) {
  context.strokeStyle = AMBER
  context.lineWidth = 4
  context.beginPath()
  for (const [dx, dy] of [[14, 0], [0, 14]]) {
    context.moveTo(x - dx, y - dy)
    context.lineTo(x + dx, y + dy)
  }
  context.stroke()
}
