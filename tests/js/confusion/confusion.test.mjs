import assert from "node:assert/strict"
import { test } from "node:test"
import { element, place } from "../page.mjs"
import show from "../../../static/components/confusion/confusion.js"

test("a cell that counts one case says so in the singular", () => {
  const root = place(element("div.confusion"))
  const data = { classes: ["3", "8"], counts: [[1, 2], [1, 0]], chosen: null }
  show({ data, parentElement: root, setTriggerValue() {} })
  const labels = [...root.querySelectorAll("td button")].map(button => button.getAttribute("aria-label"))
  assert.deepEqual(labels, ["1 time 3 for 3", "2 times 8 for 3", "1 time 3 for 8", "0 times 8 for 8"])
  assert.equal(root.querySelector("table").getAttribute("aria-label"), "Confusion table: 1 right answer")
})
