// Drawings in the browser: run with `python -m scripts.js_check`.

import assert from "node:assert/strict"
import { test } from "node:test"

import { format, onSheet, parse, simplify } from "../../../static/components/drawing-pad/strokes.js"

test("a drawing as text is read back as it was", () => {
  const drawing = [
    { tool: "d", points: [[0, 255], [16, 8]] },
    { tool: "e", points: [[128, 3]] },
  ]
  assert.equal(format(drawing), "d00ff1008.e8003")
  assert.deepEqual(parse(format(drawing)), drawing)
  assert.deepEqual(parse(""), [])
  assert.equal(format([]), "")
})

test("points stay on the sheet, wherever the hand is", () => {
  assert.deepEqual(onSheet(-12, 400), [0, 255])
  assert.deepEqual(onSheet(1.4, 1.6), [1, 2])
})

test("a straight line needs its two ends, a corner three points", () => {
  const straight = Array.from({ length: 50 }, (_, i) => [i, 2 * i])
  assert.deepEqual(simplify(straight), [[0, 0], [49, 98]])
  const corner = [...Array.from({ length: 20 }, (_, i) => [i, 0]), ...Array.from({ length: 20 }, (_, i) => [20, i])]
  assert.deepEqual(simplify(corner)[0], [0, 0])
  assert.ok(simplify(corner).length <= 4)
})

test("a simplified line stays within two units of the drawn one", () => {
  const circle = Array.from({ length: 200 }, (_, i) => onSheet(128 + 90 * Math.cos(i / 31), 128 + 90 * Math.sin(i / 31)))
  const kept = simplify(circle)
  assert.ok(kept.length < 40)
  for (const [x, y] of circle) {
    const beside = Math.min(...kept.slice(1).map((end, i) => toSegment(x, y, kept[i], end)))
    assert.ok(beside <= 2, `${x}, ${y}: ${beside}`)
  }
})

function toSegment(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}
