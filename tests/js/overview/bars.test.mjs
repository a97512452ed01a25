import assert from "node:assert/strict"
import test from "node:test"

import { shortened } from "../../../static/components/overview/bars.js"

const upTo = count => text => text.length <= count

test("a name below a bar is written as far as it fits", () => {
  assert.equal(shortened("circle", upTo(6)), "circle")
  assert.equal(shortened("Egyptian cat", upTo(10)), "Egyptian…")
  assert.equal(shortened("triangle", upTo(0)), "t…")
})
