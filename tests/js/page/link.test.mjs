// The address of a page and its copy.

import assert from "node:assert/strict"
import { mock, test } from "node:test"
import { element, nextFrame, place } from "../page.mjs"
import { hand } from "../../../static/components/live/hand.js"
import link, { alone, follower } from "../../../static/components/page/link.js"

test("an address keeps the parameter for embedding, and a copied link leaves it out", () => {
  const framed = "https://example.org/pooling?window=3&embed=true"
  assert.equal(follower(framed, "window=4&stride=2"), "https://example.org/pooling?window=4&stride=2&embed=true")
  assert.equal(follower("https://example.org/?a=1", "b=2"), "https://example.org/?b=2")
  assert.equal(alone("https://example.org/?own=1%20-1;2&embed=true&embed_options=dark_theme"), "https://example.org/?own=1%20-1;2")
  assert.equal(alone("https://example.org/"), "https://example.org/")
})

const data = { page: "", query: "", visit: "a", heard: 0, without: "" }

/** The component on the page: its button, what it has sent, and a function that gives it other data. */
function mounted() {
  const button = element("button"), sent = []
  const parentElement = place(button, element("span[role=status]"))
  const setStateValue = (_name, { queries }) => sent.push(queries)
  return { button, sent, run: more => link({ data: { ...data, ...more }, parentElement, setStateValue }) }
}

test("a link is copied once the page knows the latest change", () => {
  const copied = [], { button, run } = mounted()
  Object.defineProperty(globalThis, "navigator", { value: { clipboard: { writeText: text => copied.push(text) } } })
  history.replaceState = (_state, _title, address) => { location.href = address }
  run({ query: "bias=1" })
  hand.enter("token", { "lab.bias": "1" })
  button.onclick()
  hand.move("lab.bias", 2)
  button.onclick()
  assert.deepEqual(copied, ["https://school.example/base/?bias=1"])
  run({ query: "bias=2" })
  hand.enter("token", { "lab.bias": "2" })
  nextFrame()
  assert.deepEqual(copied.slice(1), ["https://school.example/base/?bias=2"])
})

test("a new session is told the settings of every page once, even if it reruns first", () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  const { run, sent } = mounted()
  run({ query: "bias=2" })
  run({ page: "pooling", query: "window=3" })
  run({ page: "pooling", query: "", visit: "b" })
  run({ page: "pooling", query: "", visit: "b" })
  mock.timers.tick(300)
  assert.deepEqual(sent, [{ "": "bias=2", pooling: "window=3" }])
  run({ page: "pooling", query: "window=3", visit: "b", heard: 1 })
  mock.timers.tick(300)
  assert.equal(location.href, "https://school.example/base/?window=3")
  run({ query: "", visit: "c" })
  mock.timers.tick(300)
  assert.equal(sent.length, 2)
})
