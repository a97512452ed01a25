// Buttons: their names, and those that do not act at present.

import assert from "node:assert/strict"
import { test } from "node:test"
import "../page.mjs"
import { enable, makeButton } from "../../../static/components/core/dom.js"

test("a button that is not enabled does nothing, and is not disabled, which would cost it the focus", () => {
  const pressed = []
  const button = makeButton(document.body, "", "Undo", () => pressed.push("undo"))
  button.onclick()
  enable(button, false)
  button.onclick()
  assert.deepEqual([pressed, Boolean(button.disabled), button.getAttribute("aria-disabled")], [["undo"], false, "true"])
  enable(button, true)
  button.onclick()
  assert.deepEqual(pressed, ["undo", "undo"])
})

test("a button with a word on it is called by that word, and a sign by what it does", () => {
  const word = makeButton(document.body, "", "Copy", () => {}, "A link for you alone")
  const sign = makeButton(document.body, "", "✕", () => {}, "Back to the page")
  assert.deepEqual([word, sign].map(one => one.getAttribute("aria-label")), [null, "Back to the page"])
  assert.deepEqual([word.title, sign.title], ["A link for you alone", "Back to the page"])
})
