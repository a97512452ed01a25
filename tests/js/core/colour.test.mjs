import assert from "node:assert/strict"
import { test } from "node:test"

import { css, onTop, rgb } from "../../../static/components/core/colour.js"

const channel = part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
const luminance = (red, green, blue) =>
  0.2126 * channel(red / 255) + 0.7152 * channel(green / 255) + 0.0722 * channel(blue / 255)

function contrast([red, green, blue]) {
  const text = onTop(rgb(red, green, blue)) === "#000000" ? 0 : 1
  const [low, high] = [luminance(red, green, blue), text].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

test("a number is read on every colour", () => {
  const steps = Array.from({ length: 18 }, (_, i) => 15 * i)
  for (const red of steps) for (const green of steps) for (const blue of steps) {
    const found = contrast([red, green, blue])
    assert.ok(found >= 4.5, `${css(rgb(red, green, blue))}: ${found}`)
  }
})

test("on mid-grey and on salmon it is black", () => {
  assert.equal(onTop(rgb(127, 127, 127)), "#000000")
  assert.equal(onTop(rgb(209, 111, 108)), "#000000")
  assert.equal(onTop(rgb(33, 102, 172)), "#ffffff")
})
