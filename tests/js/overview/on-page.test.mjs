// Which rows of an overview are hidden while a class is asked about one of them.

import assert from "node:assert/strict"
import test from "node:test"

import { coveredFrom } from "../../../static/components/overview/on-page.js"

const row = (name, picture = false) => ({ name, picture })
const network = [row("input", true), row("conv1"), row("relu1"), row("dense")]
const opened = name => [row("picture", true), row(name)]

test("the row that is asked for is hidden, and all that follows from it", () => {
  assert.equal(coveredFrom(network, network, 2), 2)
})

test("the large map of a hidden row is hidden, that of an earlier row is not", () => {
  assert.equal(coveredFrom(opened("relu1"), network, 2), 1)
  assert.equal(coveredFrom(opened("dense"), network, 2), 1)
  assert.equal(coveredFrom(opened("conv1"), network, 2), Infinity)
})

test("where the large map is asked for, its row is hidden, and all that follows from it", () => {
  assert.equal(coveredFrom(network, opened("relu1"), 1), 2)
})

test("rows that are not of the network that is asked about may tell its answer", () => {
  assert.equal(coveredFrom([row("before"), row("after")], network, 1), 0)
})
