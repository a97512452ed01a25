import assert from "node:assert/strict"
import test from "node:test"

import { beside } from "../../../static/components/weight-cells/chosen-weight.js"

test("arrow keys go to the weight beside the chosen one", () => {
  assert.equal(beside(4, [0, 1], 3, 3), 5)
  assert.equal(beside(4, [-1, 0], 3, 3), 1)
  assert.equal(beside(1, [1, 0], 2, 5), 6)
})

test("at the edge they stay", () => {
  assert.equal(beside(2, [0, 1], 3, 3), 2)
  assert.equal(beside(0, [-1, 0], 3, 3), 0)
  assert.equal(beside(9, [1, 0], 2, 5), 9)
})
