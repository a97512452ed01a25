// What a browser remembers of a visit.

import assert from "node:assert/strict"
import { test } from "node:test"

import { isFirst, seen } from "../../../static/components/core/visits.js"

test("a browser without storage still remembers this visit", () => {
  Object.defineProperty(globalThis, "localStorage", { get() { throw new Error("not allowed") } })
  assert.deepEqual(["film", "film", "tour"].map(isFirst), [true, false, true])
  assert.deepEqual(seen(), ["film", "tour"])
})
