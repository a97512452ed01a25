import assert from "node:assert/strict"
import { test } from "node:test"

import { typed } from "../../../static/components/core/numbers.js"

test("a number is read with any of the signs and decimal marks that people type", () => {
  for (const text of ["-3.5", "−3,5", "–3.5", " − 3.5 "]) assert.equal(typed(text), -3.5)
  assert.equal(typed("−1e−3"), -0.001)
  for (const text of ["", "x", "1,000.5"]) assert.equal(typed(text), NaN)
})
