// @ts-check
// Drawings as text, as cnnviz/images/drawings.py reads them: strokes of a pen ("d") or an eraser ("e"),
// their points on a sheet from 0 to 255 in two hexadecimal digits each, joined by dots.

/** @typedef {"d" | "e"} Tool */
/** @typedef {[x: number, y: number]} Point Whole numbers. */
/** @typedef {{ tool: Tool, points: Point[] }} Stroke */

const TOLERANCE = 1.2 // units by which a simplified line may deviate from the drawn one

const hex = (/** @type {number} */ number) => number.toString(16).padStart(2, "0")

/**
 * Strokes as text.
 *
 * @param {Stroke[]} strokes
 */
export const format = strokes =>
  strokes.map(({ tool, points }) => tool + points.map(point => point.map(hex).join("")).join("")).join(".")

/**
 * The strokes of a text that the server has checked.
 *
 * @param {string} text
 */
export const parse = text => (text ? text.split(".").map(stroke) : [])

/**
 * @param {string} text
 * @returns {Stroke}
 */
function stroke(text) {
  const pairs = text.slice(1).match(/..../g) ?? []
  const tool = /** @type {Tool} */ (text[0])
  return { tool, points: pairs.map(pair => [parseInt(pair.slice(0, 2), 16), parseInt(pair.slice(2), 16)]) }
}

const clamp = (/** @type {number} */ place) => Math.min(255, Math.max(0, Math.round(place)))

/**
 * The nearest point of the sheet.
 *
 * @param {number} x
 * @param {number} y
 * @returns {Point}
 */
export const onSheet = (x, y) => [clamp(x), clamp(y)]

/**
 * The points that a line needs to keep its course (Douglas and Peucker 1973).
 *
 * @param {Point[]} points
 * @returns {Point[]}
 */
export function simplify(points) {
  if (points.length < 3) return points
  const [first, last] = [points[0], points[points.length - 1]]
  let [far, most] = [0, TOLERANCE]
  for (let i = 1; i < points.length - 1; i++) {
    const beside = distance(points[i], first, last)
    if (beside > most) [far, most] = [i, beside]
  }
  if (!far) return [first, last]
  return [...simplify(points.slice(0, far + 1)).slice(0, -1), ...simplify(points.slice(far))]
}

/**
 * The distance from a point to the line between two others.
 *
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}
