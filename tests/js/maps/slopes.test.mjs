// The slopes in the browser: run with `python -m scripts.js_check`.

import assert from "node:assert/strict"
import { test } from "node:test"

import { ACTIVATIONS } from "../../../static/components/maps/activations.js"
import { SLOPES } from "../../../static/components/maps/slopes.js"

const PARAMETERS = { leaky_relu: { negative_slope: 0.01 }, prelu: { weight: 0.25 }, elu: { alpha: 1.5 } }
const PLACES = [-6, -2.5, -0.7, -0.01, 0.01, 0.4, 1.3, 5]

test("every activation has a slope", () => {
  assert.deepEqual(Object.keys(SLOPES), Object.keys(ACTIVATIONS))
})

for (const [name, slope] of Object.entries(SLOPES)) {
  test(`the slope of ${name} is the rise of its function over a small step`, () => {
    const given = PARAMETERS[name] ?? {}
    for (const x of PLACES) {
      const step = 1e-5
      const rise = ACTIVATIONS[name](x + step, given) - ACTIVATIONS[name](x - step, given)
      assert.ok(Math.abs(slope(x, given) - rise / (2 * step)) < 1e-8, `${name} at ${x}`)
    }
  })
}

test("at 0 a corner has the slope from below, so that of ReLU is 0", () => {
  assert.equal(SLOPES.relu(0), 0)
  assert.equal(SLOPES.leaky_relu(0, { negative_slope: 0.01 }), 0.01)
  assert.equal(SLOPES.elu(0, { alpha: 1.5 }), 1.5)
})

test("the slope of a sigmoid is at most 1/4, that of tanh at most 1", () => {
  assert.equal(SLOPES.sigmoid(0), 0.25)
  assert.equal(SLOPES.tanh(0), 1)
})

test("far out nothing is lost or infinite", () => {
  for (const name of Object.keys(SLOPES)) {
    for (const x of [-1000, 1000]) assert.ok(Number.isFinite(SLOPES[name](x, PARAMETERS[name] ?? {})), name)
  }
})
