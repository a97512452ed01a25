// The key P begins and ends presenting, unless it is typed.

import assert from "node:assert/strict"
import { test } from "node:test"
import { element } from "../page.mjs"
import { isPresenting } from "../../../static/components/core/present.js"

document.body.append(element("div.st-key-stage"))

/** Press P where something has the focus. */
function press(...at) {
  document.dispatchEvent(Object.assign(new Event("keydown"), { key: "p", composedPath: () => at }))
}

test("a P that is typed is a letter, in a field, a list and a text", () => {
  for (const field of ["input", "input[type=text]", "input[type=number]", "textarea", "select"]) press(element(field))
  assert.equal(isPresenting(), false)
})

test("a slider, a switch and a choice that were used last do not keep P from presenting", () => {
  for (const type of ["range", "checkbox", "radio"]) {
    press(element(`input[type=${type}]`))
    assert.equal(isPresenting(), true, type)
    press(document.body)
    assert.equal(isPresenting(), false)
  }
})
