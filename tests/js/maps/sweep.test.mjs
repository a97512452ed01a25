import assert from "node:assert/strict"
import test from "node:test"

import { doneOf, pace } from "../../../static/components/maps/sweep.js"

const chain = {
  sizes: { features: [4, 5], pooled: [2, 2] },
  pooling: { kind: "max", window: [2, 2], stride: [2, 2], pads: [0, 0], include: true },
}

test("a map of any size takes seconds, and a large window does not flash", () => {
  assert.ok(Math.abs((256 * 256) / pace(256 * 256, 9 / 256 ** 2, 1) - 8) < 1e-9)
  assert.ok(Math.abs((256 * 256) / pace(256 * 256, 9 / 256 ** 2, 4) - 2) < 1e-9)
  assert.equal(pace(9, 1, 4), 3)
})

test("cells behind the window are visible, in reading order", () => {
  assert.deepEqual(doneOf(chain, 1, 0, 0), [0, 1])
  assert.deepEqual(doneOf(chain, 2, 1, 4), [2, 0])
})

test("a pooled row appears with the last row that it reads", () => {
  assert.deepEqual(doneOf(chain, 3, 1, 3), [0, 0])
  assert.deepEqual(doneOf(chain, 3, 1, 4), [1, 0])
  assert.deepEqual(doneOf(chain, 3, 3, 4), [2, 0])
})
