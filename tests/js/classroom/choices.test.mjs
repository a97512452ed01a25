import assert from "node:assert/strict"
import test from "node:test"

import { place } from "../page.mjs"
import { choicesIn, offerChoices } from "../../../static/components/classroom/choices.js"

function answers(...texts) {
  const fields = document.createElement("div")
  place(fields)
  offerChoices(fields)
  const more = fields.querySelector(".more")
  while (fields.querySelectorAll(".option").length < texts.length) more.onclick()
  const lines = [...fields.querySelectorAll(".option")].map(line => line.querySelectorAll("input"))
  texts.forEach((text, i) => { lines[i][1].value = text })
  return { fields, more, marks: lines.map(([mark]) => mark) }
}

test("a choice has the answers that are filled in, and the index of the right one", () => {
  const { fields, marks } = answers("Blur", " ", "Edges")
  assert.deepEqual(choicesIn(fields), { options: ["Blur", "Edges"], right: null })
  marks[2].checked = true
  assert.deepEqual(choicesIn(fields), { options: ["Blur", "Edges"], right: 1 })
})

test("one answer is not a choice", () => {
  assert.equal(choicesIn(answers("Blur", "").fields), "Write at least two answers.")
})

test("there are at most five answers, and each has a name of its own", () => {
  const { fields, more } = answers("a", "b", "c", "d", "e")
  assert.equal(more.hidden, true)
  const names = [...fields.querySelectorAll(".text")].map(text => text.getAttribute("aria-label"))
  assert.deepEqual(names, ["Answer 1", "Answer 2", "Answer 3", "Answer 4", "Answer 5"])
})
