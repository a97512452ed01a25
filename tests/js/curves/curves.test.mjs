// Curves that are drawn anew on every message, and when their room changes.

import assert from "node:assert/strict"
import { test } from "node:test"
import { element, place, resize } from "../page.mjs"
import mount from "../../../static/components/curves/curves.js"

test("curves in a resized place are drawn once, with the newest data", () => {
  const curves = element("div.curves")
  const root = place(curves)
  const drawn = []
  const { replaceChildren } = curves
  curves.replaceChildren = (...parts) => {
    replaceChildren.call(curves, ...parts)
    drawn.push(curves.querySelector("svg").getAttribute("aria-label"))
  }
  for (const label of ["first", "second", "third"]) {
    const span = { low: 0, high: 1, label: "" }
    mount({ data: { name: "losses", label, x: span, y: span, values: [1, 0] }, parentElement: root })
  }
  resize()
  assert.deepEqual(drawn, ["first", "second", "third"])
  curves.clientWidth = 300
  resize()
  assert.deepEqual(drawn, ["first", "second", "third", "third"])
})
