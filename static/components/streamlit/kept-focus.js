// @ts-check
// A button that a key presses may be gone afterwards, or be drawn anew: Streamlit draws the preset that is
// now the current one as another kind of button. The browser then leaves the focus nowhere, and a screen
// reader at the beginning of the page. So the focus moves to the button's successor, the one of the same
// name in the same place, and if there is none to the first field of the place.

import { fields, first, soon } from "../core/focus.js"

const PLACE = "[class*=st-key-]" // what has a key stays in its place when the page is drawn anew

/** The button that was pressed last. */
let pressed = /** @type {HTMLElement | null} */ (null)

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

/** @param {HTMLElement} button */
const hasFocus = button => /** @type {Document | ShadowRoot} */ (button.getRootNode()).activeElement === button

/** @param {HTMLElement} button */
function follow(button) {
  const { textContent: name } = button
  const root = button.getRootNode()
  const around = places(root instanceof ShadowRoot ? root.host : button)
  soon(() => pressed !== button || !button.checkVisibility(), () => {
    if (pressed !== button || document.activeElement !== document.body) return
    const place = around.map(each => document.querySelector(each)).find(first) ?? null
    const successor = [...fields(place)].find(one => one.textContent === name) ?? first(place)
    successor?.focus()
  })
}

document.addEventListener("click", event => {
  const [target] = event.composedPath()
  const button = target instanceof Element ? target.closest("button") : null
  pressed = button && !event.detail && hasFocus(button) ? button : null
  if (pressed) follow(pressed)
}, { capture: true })
