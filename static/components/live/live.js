// @ts-check
// Tells the hand which values the page ran with, and shows why the channel refused a change or why a
// file was not sent. It is mounted last in a page, when everything drawn with these values has arrived.

import { find } from "../core/dom.js"
import { hand } from "./hand.js"
import { watch } from "./streamlit-widgets.js"
import { watchAnswers } from "./unsent.js"

/** @import { Component } from "../core/component.js" */

/** @type {HTMLElement | null} */
let mounted = null // the element of the current page
let unsent = "" // why a file was not sent; shown until it has been read, even while the page runs
let ask = () => {} // asks for a run of the page

/** @param {string} text */
function say(text) {
  if (mounted) mounted.textContent = unsent || text
}

document.addEventListener("cnnviz:refused", event => say(/** @type {CustomEvent<string>} */ (event).detail))
watchAnswers(why => say(unsent = why))
for (const act of ["pointerdown", "keydown"]) document.addEventListener(act, () => { if (unsent) say(unsent = "") })

// When Streamlit connects to a new session, it carries on as if it were the old one: the screen stays, but the
// server knows nothing about it, and the first press would be lost.
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
