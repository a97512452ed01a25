import assert from "node:assert/strict"
import test from "node:test"

import { APART, moved, painted, stepOf } from "../../../static/components/kernel-cells/painting.js"

test("whole numbers go by 1, others by about a twentieth of the largest", () => {
  assert.equal(stepOf([[-1, 0, 1], [-2, 0, 2]]), 1)
  assert.equal(stepOf([[0, 0]]), 1)
  assert.equal(stepOf([[0.5, 1]]), 0.05)
  assert.ok(Math.abs(stepOf([[0.004, 0.003]]) - 0.0002) < 1e-12)
})

test("up is more, and the numbers have no digits that only binary fractions have", () => {
  assert.equal(moved(2, 5 * APART, 1), 7)
  assert.equal(moved(0.1, 2 * APART, 0.1), 0.3)
  assert.ok(Object.is(moved(1, -APART, 1), 0))
})

test("painting changes one cell and leaves the rows as they were", () => {
  const rows = [[1, 2], [3, 4]]
  assert.deepEqual(painted(rows, 1, 0, -3), [[1, 2], [-3, 4]])
  assert.deepEqual(rows, [[1, 2], [3, 4]])
})
