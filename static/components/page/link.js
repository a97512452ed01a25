// @ts-check
// Keeps the address of the page in step with its settings, and copies it.

import { copy } from "../core/clipboard.js"
import { find } from "../core/dom.js"

/** @import { Component } from "../core/component.js" */
/** @typedef {{ query: string, visit: string, without: string }} Data What the link leaves out is a sentence. */

const REST = 250 // ms without a change before the address follows; browsers limit how often

/** @type {WeakMap<ShadowRoot, number>} */
const timers = new WeakMap()
/** @type {Data | null} */
let last = null // the latest data, whatever page it came from

let quiet = 0 // the timer that ends what is said

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setStateValue }) {
  const button = find(parentElement, "button")
  const said = find(parentElement, "[role=status]")
  clearTimeout(timers.get(parentElement))
  const follow = () => {
    const address = new URL(window.location.href)
    if (address.search.slice(1) === data.query) return
    address.search = data.query
    window.history.replaceState(window.history.state, "", address)
  }
  // A server that was started again knows the link that opened this tab, but nothing that was
  // set since.
  const lost = last && last.visit !== data.visit && last.query !== data.query ? last.query : null
  last = data
  timers.set(parentElement, lost === null
    ? window.setTimeout(follow, REST)
    : window.setTimeout(() => setStateValue("lost", { query: lost, time: Date.now() })))
  button.onclick = async () => {
    follow()
    const done = await copy(window.location.href)
    said.textContent = done ? data.without || "Copied" : "Copy the address from the address bar"
    said.classList.toggle("warning", done && data.without !== "")
    clearTimeout(quiet)
    quiet = window.setTimeout(() => { said.textContent = "" }, data.without ? 12000 : 2500)
  }
  return () => clearTimeout(timers.get(parentElement))
}
