// @ts-check
// Tells the hand which values the page ran with, and shows what the channel has refused, and why a file
// was not sent. It is mounted last in a page, when everything drawn with these values has arrived.

import { find } from "../core/dom.js"
import { hand } from "./hand.js"
import { watch } from "./streamlit-widgets.js"
import { watchAnswers } from "./unsent.js"

/** @import { Component } from "../core/component.js" */

/** @type {HTMLElement | null} */
let mounted = null // the element of the current page
let unsent = "" // why a file was not sent; it stays while the page runs with the others, until it has been read
let ask = () => {} // asks for a run of the page

/** @param {string} text */
function say(text) {
  if (mounted) mounted.textContent = unsent || text
}

document.addEventListener("cnnviz:refused", event => say(/** @type {CustomEvent<string>} */ (event).detail))
watchAnswers(why => say(unsent = why))
for (const act of ["pointerdown", "keydown"]) document.addEventListener(act, () => { if (unsent) say(unsent = "") })

// Streamlit connects to a new session as if it were the last one: the screen stays, but the server knows nothing
// of it, and would lose the first press.
document.addEventListener("cnnviz:forgotten", asked => {
  if (!mounted) return
  asked.preventDefault()
  if (!document.hidden) ask()
})

/** @import { Titles } from "./streamlit-widgets.js" */

/** @param {Component<{ token: string, values: Record<string, string>, titles: Titles }>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const said = mounted = find(parentElement, ".live")
  said.setAttribute("role", "status")
  say("")
  ask = () => setTriggerValue("forgotten", Date.now())
  watch(Object.keys(data.values), data.titles)
  hand.enter(data.token, data.values)
  return () => {
    if (mounted !== said) return
    mounted = null
    hand.exit()
  }
}
