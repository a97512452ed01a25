// The focus after a key in a field that is drawn anew, or gone, when the page has run.

import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"
import { element } from "../page.mjs"

mock.timers.enable({ apis: ["setTimeout"] })

Object.assign(globalThis, { CSS: { escape: name => name } })
Object.assign(Element.prototype, {
  tabIndex: 0,
  checkVisibility() { return this.isConnected && !this.hidden },
  focus() { document.activeElement = this },
})
document.activeElement = document.body
await import("../../../static/components/streamlit/kept-focus.js")

const keyed = (name, ...inside) => element(`div.${name}[class=${name}]`, ...inside)
const button = name => Object.assign(element("button"), { textContent: name })

/** Press a key in a field. */
function press(target, key = "Enter") {
  target.focus()
  document.dispatchEvent(Object.assign(new Event("keydown"), { key, composedPath: () => [target] }))
}

/** Draw a place anew, as a run of the page does. */
function draw(place, ...buttons) {
  place.replaceChildren(...buttons)
  if (!document.activeElement.isConnected) document.activeElement = document.body
  mock.timers.tick(40)
}

let place, presets
beforeEach(() => {
  presets = keyed("st-key-presets", button("Large"), button("Small"))
  place = keyed("st-key-settings", button("Stride"), presets)
  document.body.replaceChildren(place)
})

test("the focus goes to the button of the same name that is drawn in the place of the one before", () => {
  press(presets.children[1])
  draw(presets, button("Large"), button("Small"))
  assert.equal(document.activeElement, presets.children[1])
})

test("if there is none of that name, the focus goes to the first field of the place", () => {
  press(presets.children[1])
  draw(presets, button("Large"))
  assert.equal(document.activeElement, presets.children[0])
})

test("if nothing is left of the place, the focus goes to the place around it", () => {
  press(presets.children[1])
  draw(place, button("Stride"))
  assert.equal(document.activeElement, place.children[0])
})

test("a field that is hidden has gone, and one that has let go of the focus has not", () => {
  press(presets.children[1])
  document.activeElement = document.body
  mock.timers.tick(40)
  assert.equal(document.activeElement, document.body)
  press(presets.children[1])
  presets.children[1].hidden = true
  document.activeElement = document.body
  mock.timers.tick(40)
  assert.equal(document.activeElement, presets.children[0])
})

test("a focus that has gone elsewhere stays there", () => {
  press(presets.children[1])
  place.children[0].focus()
  draw(presets, button("Large"), button("Small"))
  assert.equal(document.activeElement, place.children[0])
})

test("of two fields that have one name, the range of a slider is not its number", () => {
  const slider = () => ["range", "number"].map(type => element(`input[type=${type}][aria-label=Size]`))
  place.replaceChildren(...slider())
  press(place.children[1])
  press(place.children[1]) // a key that is held
  draw(place, ...slider())
  assert.equal(document.activeElement, place.children[1])
})

test("nothing moves if no key was pressed in what has gone", () => {
  presets.children[1].focus()
  draw(presets, button("Large"), button("Small"))
  assert.equal(document.activeElement, document.body)
})

test("nothing moves after a letter, which may hide the field, as P does, or after a press of the mouse", () => {
  for (const act of [() => press(presets.children[1], "p"), () => document.dispatchEvent(new Event("pointerdown"))]) {
    press(presets.children[1])
    act()
    draw(presets, button("Large"), button("Small"))
    assert.equal(document.activeElement, document.body)
  }
})
