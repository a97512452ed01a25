// @ts-check
// The answers of a choice, as a teacher writes them: two to five, and at most one of them is right.

import { make, makeButton, setAttributes } from "../core/dom.js"

const [LONGEST, LEAST, MOST] = [80, 2, 5] // characters of an answer; answers

/**
 * Put the fields for the first answers into an element, and a button for one more.
 *
 * @param {HTMLElement} fields
 */
export function offerChoices(fields) {
  const more = makeButton(fields, "more", "One more answer", () => {
    addAnswer(fields, more).focus()
    more.hidden = fields.querySelectorAll(".option").length >= MOST
  })
  for (let i = 0; i < LEAST; i++) addAnswer(fields, more)
}

/**
 * Add the fields of one answer before the button; returns the one for its words.
 *
 * @param {HTMLElement} fields
 * @param {HTMLElement} before
 */
function addAnswer(fields, before) {
  const name = `Answer ${fields.querySelectorAll(".option").length + 1}`
  const line = make("label", "option")
  const right = make("input", "", line)
  setAttributes(right, { type: "checkbox", name: "right", "aria-label": `${name} is right` })
  right.onchange = () => {
    for (const other of fields.querySelectorAll("input[type=checkbox]")) {
      if (other !== right && other instanceof HTMLInputElement) other.checked = false
    }
  }
  const text = make("input", "text", line)
  setAttributes(text, { maxlength: LONGEST, placeholder: name, "aria-label": name, autocomplete: "off" })
  fields.insertBefore(line, before)
  return text
}

/**
 * The answers that are filled in, and which of them is right; or the reason why they are not a
 * valid choice.
 *
 * @param {HTMLElement} fields
 */
export function choicesIn(fields) {
  const lines = [...fields.querySelectorAll(".option")].map(line => {
    const [right, text] = /** @type {NodeListOf<HTMLInputElement>} */ (line.querySelectorAll("input"))
    return { text: text.value.trim(), right: right.checked }
  }).filter(({ text }) => text)
  if (lines.length < LEAST) return "Write at least two answers."
  const right = lines.findIndex(line => line.right)
  return { options: lines.map(({ text }) => text), right: right < 0 ? null : right }
}
