// Which rows of an overview are hidden while a class is asked about one of them.

import assert from "node:assert/strict"
import test from "node:test"

import { coveredFrom } from "../../../static/components/overview/on-page.js"

const row = (name, picture = false) => ({ name, picture })
const network = [row("input", true), row("conv1"), row("relu1"), row("dense")]
const opened = name => [row("picture", true), row(name)]

test("the row asked about is hidden, with all rows that follow from it", () => {
  assert.equal(coveredFrom(network, network, 2), 2)
})

test("the large map of a hidden row is hidden, that of an earlier row is not", () => {
  assert.equal(coveredFrom(opened("relu1"), network, 2), 1)
  assert.equal(coveredFrom(opened("dense"), network, 2), 1)
  assert.equal(coveredFrom(opened("conv1"), network, 2), Infinity)
})

test("a question about the large map hides its row, with all rows that follow from it", () => {
  assert.equal(coveredFrom(network, opened("relu1"), 1), 2)
})

test("rows of other networks may give the answer away, so they are hidden", () => {
  assert.equal(coveredFrom([row("before"), row("after")], network, 1), 0)
})
