import assert from "node:assert/strict"
import test from "node:test"

import { dragged, shown, squareOf, stepped } from "../../../static/components/crop/square.js"

const middle = { across: 50, down: 50 }

test("a square is where the server cuts it", () => {
  assert.deepEqual(squareOf([300, 450], 100, middle), { left: 75, top: 0, side: 300 })
  assert.deepEqual(squareOf([300, 450], 50, { across: 100, down: 50 }), { left: 300, top: 75, side: 150 })
})

test("it moves with the hand, within the picture", () => {
  assert.deepEqual(dragged([300, 450], 100, middle, [30, 99]), { across: 70, down: 50 })
  assert.deepEqual(dragged([300, 450], 50, middle, [-60, 30]), { across: 30, down: 70 })
  assert.deepEqual(dragged([300, 450], 50, middle, [999, -999]), { across: 100, down: 0 })
})

test("a square as large as the picture stays", () => {
  assert.deepEqual(dragged([200, 200], 100, middle, [50, 50]), middle)
})

test("keys move it by a percent, or by ten", () => {
  assert.deepEqual(stepped(middle, [0, 1], 1), { across: 51, down: 50 })
  assert.deepEqual(stepped({ across: 95, down: 3 }, [-1, 1], 10), { across: 100, down: 0 })
})

test("a picture fits its place, and even a line of pixels can be seen", () => {
  assert.deepEqual(shown([300, 450]), [153, 230])
  assert.deepEqual(shown([500, 1]), [190, 16])
})
