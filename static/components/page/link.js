// @ts-check
// Keeps the address of the page in step with its settings, and copies it.

import { laterAddress, settleAddress, tellAddress } from "../core/address.js"
import { copy } from "../core/clipboard.js"
import { find } from "../core/dom.js"
import "../core/in-sight.js"
import { hand } from "../live/hand.js"

/** @import { Component } from "../core/component.js" */
/**
 * @typedef {object} Data
 * @property {string} page
 * @property {string} query
 * @property {string} visit The word of the session.
 * @property {number} heard How often the session was told what it had lost; makes the data differ even if
 *   the link is the same.
 * @property {string} without A sentence on what the link leaves out.
 */

// Address parameters besides the settings: those that Streamlit reads, and the class that the user
// comes from.
const KEPT = ["embed", "embed_options", "room", "lifted", "ours"]
const REST = 250 // ms without a change before the address follows; browsers limit how often

/** @type {WeakMap<ShadowRoot, number>} */
const timers = new WeakMap()
/** @type {Data | null} */
let last = null // the latest data, of any page

/** @type {Map<string, string>} */
const queries = new Map() // the latest query of each page
/** @type {Record<string, string> | null} */
let lost = null // the queries of a lost session, until the new session has been told

let quiet = 0 // the timer that clears the message

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setStateValue }) {
  const button = find(parentElement, "button")
  const said = find(parentElement, "[role=status]")
  clearTimeout(timers.get(parentElement))
  const follow = () => {
    const address = follower(window.location.href, data.query)
    if (address === window.location.href) return
    window.history.replaceState(window.history.state, "", address)
    tellAddress()
  }
  // After a restart, or if it has dropped the session, the server knows the link that opened this
  // tab, but no setting changed since, here or on other pages.
  const isNew = last !== null && last.visit !== data.visit
  if (isNew && [...queries].some(([page, query]) => query !== (page === data.page ? data.query : ""))) {
    lost = Object.fromEntries(queries)
  }
  last = data
  if (!lost) queries.set(data.page, data.query)
  laterAddress(lost ? () => {} : follow)
  const tell = () => {
    setStateValue("lost", { queries: lost, time: Date.now() })
    lost = null
  }
  timers.set(parentElement, lost ? window.setTimeout(tell) : window.setTimeout(follow, REST))
  const give = async () => {
    settleAddress()
    const { without } = last ?? data
    const done = await copy(alone(window.location.href))
    said.textContent = done ? without || "Copied" : "Copy the address from the address bar"
    said.classList.toggle("warning", done && without !== "")
    clearTimeout(quiet)
    quiet = window.setTimeout(() => { said.textContent = "" }, without ? 12000 : 2500)
  }
  // The page may not know the latest change yet, such as a number whose field this click has left.
  button.onclick = () => hand.isAhead ? hand.whenRested(give) : give()
  return () => clearTimeout(timers.get(parentElement))
}

/**
 * An address with other settings; parameters for embedding and for the class stay.
 *
 * @param {string} href
 * @param {string} query
 */
export function follower(href, query) {
  const address = new URL(href)
  const kept = KEPT.flatMap(name => address.searchParams.getAll(name).map(value => `${name}=${encodeURIComponent(value)}`))
  address.search = [query, ...kept].filter(Boolean).join("&")
  return address.href
}

/**
 * The address of a page to share: neither embedded nor in a class.
 *
 * @param {string} href
 */
export function alone(href) {
  const address = new URL(href)
  if (!KEPT.some(name => address.searchParams.has(name))) return href
  const { search } = address
  address.search = search.slice(1).split("&").filter(part => !KEPT.includes(part.split("=")[0])).join("&")
  return address.href
}
