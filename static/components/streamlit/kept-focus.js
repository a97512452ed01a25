// @ts-check
// What a key changes may go or be hidden with the run of the page, or be drawn anew: Streamlit draws the
// preset that is now the current one as another kind of button, and what follows a sentence that has gone
// in another place. The browser then leaves the focus nowhere, and a screen reader at the beginning of the
// page. So the focus moves to the successor, the field of the same name in the same place, and if there is
// none to the first field of the place.

import { fields, first } from "../core/focus.js"

const PLACE = "[class*=st-key-]" // what has a key stays in its place when the page is drawn anew
const TIME = 5000 // ms after a key for the page to be drawn anew
const OFTEN = 40 // ms between two looks; one at every frame would keep the page drawing

/** @typedef {{ field: Element, name: string, around: string[], until: number }} Followed */

/** The field in which a key was pressed last. */
let followed = /** @type {Followed | null} */ (null)

/** @param {Element} element */
const key = element => `.${CSS.escape([...element.classList].find(name => name.startsWith("st-key-")) ?? "")}`

/**
 * The places that an element is in, from the innermost.
 *
 * @param {Element | null | undefined} element
 * @returns {string[]}
 */
function places(element) {
  const place = element?.closest(PLACE)
  return place ? [key(place), ...places(place.parentElement)] : []
}

/** @param {Element} field */
const called = field => [field.localName, field.getAttribute("type"), field.getAttribute("aria-label") ?? field.textContent].join()

/** @param {Followed} one */
function follow(one) {
  if (followed !== one) return
  const isNowhere = document.activeElement === document.body
  if (!isNowhere && performance.now() < one.until) return void setTimeout(() => follow(one), OFTEN)
  followed = null
  if (!isNowhere || (one.field.isConnected && one.field.checkVisibility())) return
  const place = one.around.map(each => document.querySelector(each)).find(first) ?? null
  const successor = [...fields(place)].find(field => called(field) === one.name) ?? first(place)
  successor?.focus()
}

document.addEventListener("keydown", event => {
  const [field] = event.composedPath()
  const until = performance.now() + TIME
  if (event.key.length === 1 && event.key !== " ") followed = null // a letter is typed, or P, which presents
  else if (followed?.field === field) followed.until = until
  else if (field instanceof Element && field !== document.body) {
    const root = field.getRootNode()
    followed = { field, name: called(field), around: places(root instanceof ShadowRoot ? root.host : field), until }
    follow(followed)
  }
}, { capture: true })

document.addEventListener("pointerdown", () => { followed = null }, { capture: true })
