import assert from "node:assert/strict"
import test from "node:test"

import { drawBars, linesOf, shortened } from "../../../static/components/overview/bars.js"

const upTo = count => text => text.length <= count

test("a name below a bar is written as far as it fits", () => {
  assert.equal(shortened("circle", upTo(6)), "circle")
  assert.equal(shortened("Egyptian cat", upTo(10)), "Egyptian…")
  assert.equal(shortened("triangle", upTo(0)), "t…")
})

test("a name of several words continues on a second line before any of it is left out", () => {
  assert.deepEqual(linesOf("Egyptian cat", upTo(10), 2), ["Egyptian", "cat"])
  assert.deepEqual(linesOf("tabby cat", upTo(10), 2), ["tabby cat"])
  assert.deepEqual(linesOf("Egyptian cat", upTo(10), 1), ["Egyptian…"])
  assert.deepEqual(linesOf("red fox squirrel nest", upTo(8), 2), ["red fox", "squirre…"])
})

/** The names below bars of a width, each with the size of its letters. */
function written(names, width) {
  const found = []
  const context = {
    font: "", fillRect() {}, beginPath() {}, moveTo() {}, lineTo() {}, stroke() {},
    measureText: text => ({ width: 0.5 * parseFloat(context.font) * text.length }),
    fillText: text => found.push([text, parseFloat(context.font)]),
  }
  const layer = { labels: names, shape: [names.length], shares: true, vector: true }
  const place = { count: names.length, height: 126, w: width, box: i => [i * width, 0, width, 126] }
  drawBars(context, { layer, place, exact: names.map((_, i) => i / 10), style: { font: "x" } })
  return found.filter(([text]) => !text.includes("%"))
}

test("names that are too wide for their bars are all written a little smaller, so that none is cut", () => {
  assert.deepEqual(written(["cat", "drumstick"], 60), [["cat", 12], ["drumstick", 12]])
  assert.deepEqual(written(["cat", "drumstick"], 52), [["cat", 11], ["drumstick", 11]])
  assert.deepEqual(written(["acoustic guitar", "drumstick"], 47), [["acoustic", 10], ["guitar", 10], ["drumstick", 10]])
  assert.deepEqual(written(["cat", "drumstick"], 40), [["cat", 12], ["drums…", 12]])
})
