// @ts-check
// The answers of a choice, as a teacher writes them: two to five, and at most one of them is right.

import { make, makeButton, setAttributes } from "../core/dom.js"

const [LONGEST, LEAST, MOST] = [80, 2, 5] // characters of an answer; answers

/** @typedef {{ text: string, right: boolean }} Option */

/**
 * Put the fields for the first answers into an element, and a button for one more.
 *
 * @param {HTMLElement} fields
 * @param {Option[]} [written] What they show at first.
 */
export function offerChoices(fields, written = []) {
  const more = makeButton(fields, "more", "One more answer", () => add(undefined).focus())
  const add = (/** @type {Option | undefined} */ option) => {
    const text = addAnswer(fields, more, option)
    more.hidden = fields.querySelectorAll(".option").length >= MOST
    return text
  }
  for (let i = 0; i < Math.max(LEAST, written.length); i++) add(written[i])
}

/**
 * Add the fields of one answer before the button; returns the one for its words.
 *
 * @param {HTMLElement} fields
 * @param {HTMLElement} before
 * @param {Option} [option]
 */
function addAnswer(fields, before, option) {
  const name = `Answer ${fields.querySelectorAll(".option").length + 1}`
  const line = make("label", "option")
  const right = make("input", "", line)
  setAttributes(right, { type: "checkbox", name: "right", "aria-label": `${name} is right` })
  right.checked = Boolean(option?.right)
  right.onchange = () => {
    for (const other of fields.querySelectorAll("input[type=checkbox]")) {
      if (other !== right && other instanceof HTMLInputElement) other.checked = false
    }
  }
  const text = make("input", "text", line)
  setAttributes(text, { maxlength: LONGEST, placeholder: name, "aria-label": name, autocomplete: "off" })
  text.value = option?.text ?? ""
  fields.insertBefore(line, before)
  return text
}

/**
 * The answers as they are typed; none if the fields are those of another kind of question.
 *
 * @param {HTMLElement} fields
 * @returns {Option[]}
 */
export const writtenIn = fields => [...fields.querySelectorAll(".option")].map(line => {
  const [right, text] = /** @type {NodeListOf<HTMLInputElement>} */ (line.querySelectorAll("input"))
  return { text: text.value, right: right.checked }
})

/**
 * The answers that are filled in, and which of them is right; or the reason why they are not a
 * valid choice.
 *
 * @param {HTMLElement} fields
 */
export function choicesIn(fields) {
  const lines = writtenIn(fields).map(line => ({ ...line, text: line.text.trim() })).filter(({ text }) => text)
  if (lines.length < LEAST) return "Write at least two answers."
  const right = lines.findIndex(line => line.right)
  return { options: lines.map(({ text }) => text), right: right < 0 ? null : right }
}
