import assert from "node:assert/strict"
import test from "node:test"

import { linesOf, shortened } from "../../../static/components/overview/bars.js"

const upTo = count => text => text.length <= count

test("a name below a bar is written as far as it fits", () => {
  assert.equal(shortened("circle", upTo(6)), "circle")
  assert.equal(shortened("Egyptian cat", upTo(10)), "Egyptian…")
  assert.equal(shortened("triangle", upTo(0)), "t…")
})

test("a name of several words goes on in a second line before anything of it is left out", () => {
  assert.deepEqual(linesOf("Egyptian cat", upTo(10), 2), ["Egyptian", "cat"])
  assert.deepEqual(linesOf("tabby cat", upTo(10), 2), ["tabby cat"])
  assert.deepEqual(linesOf("Egyptian cat", upTo(10), 1), ["Egyptian…"])
  assert.deepEqual(linesOf("red fox squirrel nest", upTo(8), 2), ["red fox", "squirre…"])
})
