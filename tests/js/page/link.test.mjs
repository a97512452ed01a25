// The address of a page and its copy.

import assert from "node:assert/strict"
import { test } from "node:test"
import { element, nextFrame, place } from "../page.mjs"
import { hand } from "../../../static/components/live/hand.js"
import link, { alone, follower } from "../../../static/components/page/link.js"

test("an address keeps what says that it is embedded, and a copied link does not have it", () => {
  const framed = "https://example.org/pooling?window=3&embed=true"
  assert.equal(follower(framed, "window=4&stride=2"), "https://example.org/pooling?window=4&stride=2&embed=true")
  assert.equal(follower("https://example.org/?a=1", "b=2"), "https://example.org/?b=2")
  assert.equal(alone("https://example.org/?own=1%20-1;2&embed=true&embed_options=dark_theme"), "https://example.org/?own=1%20-1;2")
  assert.equal(alone("https://example.org/"), "https://example.org/")
})

test("a link is copied when the page knows what was set last", async () => {
  const copied = [], button = element("button")
  Object.defineProperty(globalThis, "navigator", { value: { clipboard: { writeText: text => copied.push(text) } } })
  history.replaceState = (_state, _title, address) => { location.href = address }
  const parentElement = place(button, element("span[role=status]"))
  const run = bias => {
    const leave = link({ data: { query: `bias=${bias}`, visit: "a", without: "" }, parentElement, setStateValue() {} })
    hand.enter("token", { "lab.bias": String(bias) })
    return leave
  }
  run(1)
  button.onclick()
  hand.move("lab.bias", 2)
  button.onclick()
  assert.deepEqual(copied, ["https://school.example/base/?bias=1"])
  const leave = run(2)
  nextFrame()
  assert.deepEqual(copied.slice(1), ["https://school.example/base/?bias=2"])
  leave()
  await null
})
