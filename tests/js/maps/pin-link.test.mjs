// The pin, which the server and a board tell each other with a delay.

import assert from "node:assert/strict"
import test from "node:test"

import { PinLink } from "../../../static/components/maps/pin-link.js"

const CELL = { stage: 1, row: 4, column: 2, chain: 0 }

test("a pin from the server is news once, and so is its removal", () => {
  const link = new PinLink()
  assert.equal(link.heed(""), undefined)
  assert.deepEqual(link.heed("1,4,2,0"), CELL)
  assert.equal(link.heed("1,4,2,0"), undefined)
  assert.equal(link.heed(""), null)
})

test("a pin that a board has sent is no news when it comes back", () => {
  const link = new PinLink()
  /** @type {string[]} */
  const sent = []
  link.send = pin => sent.push(pin)
  link.tell(CELL)
  assert.deepEqual(sent, ["1,4,2,0"])
  assert.equal(link.heed("1,4,2,0"), undefined)
})

test("a pin that is freed stays free while the server still says the old one", () => {
  const link = new PinLink()
  link.heed("1,4,2,0")
  link.tell(null)
  assert.equal(link.heed("1,4,2,0"), undefined)
  assert.equal(link.heed(""), undefined)
  assert.deepEqual(link.heed("1,4,2,0"), CELL)
})

test("a run that was under way does not bring back the cell pinned before", () => {
  const link = new PinLink()
  link.tell(CELL)
  link.tell({ ...CELL, row: 7 })
  assert.equal(link.heed("1,4,2,0"), undefined)
  assert.equal(link.heed("1,7,2,0"), undefined)
  assert.deepEqual(link.heed("1,4,2,0"), CELL) // by now that is news
})

test("a pin from the server after the last one sent to it is news", () => {
  const link = new PinLink()
  link.tell(CELL)
  link.tell(null)
  link.tell(CELL)
  assert.equal(link.heed("1,4,2,0"), undefined)
  assert.equal(link.heed(""), null)
})

test("a pin that the server sets while another is on its way is followed, and so is the other", () => {
  const link = new PinLink()
  link.tell(CELL)
  assert.deepEqual(link.heed("3,0,0,0"), { stage: 3, row: 0, column: 0, chain: 0 })
  assert.deepEqual(link.heed("1,4,2,0"), CELL)
})
