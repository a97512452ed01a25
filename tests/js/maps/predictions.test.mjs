// Answers that are to be predicted.

import assert from "node:assert/strict"
import test from "node:test"

import { Predictions } from "../../../static/components/maps/predictions.js"

const header = (bias, predict = true) =>
  /** @type {any} */ ({ predict, input: { offset: 0 }, chains: [{ bias }] })

test("nothing is hidden if nothing is to be predicted", () => {
  const predictions = new Predictions()
  assert.equal(predictions.hides(0, 1, 2), false)
  predictions.hear(header(0, false))
  assert.equal(predictions.hides(0, 1, 2), false)
})

test("the answer of each cell is hidden until it is asked for", () => {
  const predictions = new Predictions()
  predictions.hear(header(0))
  assert.equal(predictions.hides(0, 1, 2), true)
  predictions.reveal(0, [1, 2])
  assert.equal(predictions.hides(0, 1, 2), false)
  assert.equal(predictions.hides(0, 2, 1), true)
  predictions.hear(header(0))
  assert.equal(predictions.hides(0, 1, 2), false)
})

test("other settings, and another round, have other answers", () => {
  const predictions = new Predictions()
  predictions.hear(header(0))
  predictions.reveal(0, [1, 2])
  predictions.hear(header(3))
  assert.equal(predictions.hides(0, 1, 2), true)
  predictions.reveal(0, [1, 2])
  predictions.hear(header(3, false))
  predictions.hear(header(3))
  assert.equal(predictions.hides(0, 1, 2), true)
})
