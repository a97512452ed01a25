// Drawings as text, as cnnviz/images/drawings.py reads them: strokes of a pen ("d") or an eraser ("e"),
// their points on a sheet from 0 to 255 in two hexadecimal digits each, joined by dots.

const TOLERANCE = 1.2 // units that a simplified line may lie beside the drawn one

const hex = number => number.toString(16).padStart(2, "0")

/** Strokes, each { tool, points: [[x, y], …] } with whole numbers, as text. */
export const format = strokes =>
  strokes.map(({ tool, points }) => tool + points.map(point => point.map(hex).join("")).join("")).join(".")

/** The strokes of a text that the server has checked. */
export const parse = text => (text ? text.split(".").map(stroke) : [])

function stroke(text) {
  const numbers = text.slice(1).match(/../g).map(pair => parseInt(pair, 16))
  return { tool: text[0], points: numbers.flatMap((x, i) => (i % 2 ? [] : [[x, numbers[i + 1]]])) }
}

/** The nearest point of the sheet. */
export const onSheet = (x, y) => [x, y].map(place => Math.min(255, Math.max(0, Math.round(place))))

/** The points that a line needs to stay where it is (Douglas and Peucker 1973). */
export function simplify(points) {
  if (points.length < 3) return points
  const [first, last] = [points[0], points.at(-1)]
  let [far, most] = [0, TOLERANCE]
  for (let i = 1; i < points.length - 1; i++) {
    const beside = distance(points[i], first, last)
    if (beside > most) [far, most] = [i, beside]
  }
  if (!far) return [first, last]
  return [...simplify(points.slice(0, far + 1)).slice(0, -1), ...simplify(points.slice(far))]
}

/** From a point to the line between two others. */
function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}
