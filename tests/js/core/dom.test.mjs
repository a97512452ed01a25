// Buttons that do not act at present.

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
