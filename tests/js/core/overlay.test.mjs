import assert from "node:assert/strict"
import test from "node:test"

import { fitted } from "../../../static/components/core/overlay.js"

const wide = text => 0.6 * text.length

test("numbers have as many digits as fit every cell, and never fewer than 12 px", () => {
  const cells = [[0.7777], [-0.1111], [1]]
  assert.deepEqual(fitted(cells, [60, 60], wide).texts, [["0.778"], ["−0.111"], ["1"]]) // as in a panel
  assert.deepEqual(fitted(cells, [42, 42], wide).texts, [["0.778"], ["−0.111"], ["1"]])
  assert.deepEqual(fitted(cells, [35, 35], wide).texts, [["0.78"], ["−0.11"], ["1"]])
  assert.deepEqual(fitted(cells, [28, 28], wide).texts, [["0.8"], ["−0.1"], ["1"]])
  assert.equal(fitted(cells, [24, 24], wide), null)
  assert.equal(fitted([[255]], [24, 24], wide).size >= 12, true)
})

test("three values of a colour need three lines", () => {
  assert.equal(fitted([[1, 2, 3]], [30, 30], wide), null)
  assert.equal(fitted([[1, 2, 3]], [48, 48], wide).size, 14.4)
})
