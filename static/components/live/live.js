// @ts-check
// Tells the hand which values the page ran with, and shows what the channel has refused. It is mounted
// last in a page, when everything drawn with these values has arrived.

import { find } from "../core/dom.js"
import { hand } from "./hand.js"
import { watch } from "./streamlit-widgets.js"

/** @import { Component } from "../core/component.js" */

/** @type {HTMLElement | null} */
let mounted = null // the element of the current page

document.addEventListener("cnnviz:refused", event => {
  if (mounted) mounted.textContent = /** @type {CustomEvent<string>} */ (event).detail
})

/** @import { Titles } from "./streamlit-widgets.js" */

/** @param {Component<{ token: string, values: Record<string, string>, titles: Titles }>} component */
export default function ({ data, parentElement }) {
  const said = mounted = find(parentElement, ".live")
  said.setAttribute("role", "status")
  said.textContent = ""
  watch(Object.keys(data.values), data.titles)
  hand.enter(data.token, data.values)
  return () => {
    if (mounted !== said) return
    mounted = null
    hand.exit()
  }
}
