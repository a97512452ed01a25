// @ts-check
// Streamlit's own widgets: a value that the user steps, types, switches or chooses in one is also sent
// up the live channel, while Streamlit requests its run of the page. The maps from the channel arrive
// first.

import { hand } from "./hand.js"

/** @typedef {Record<string, Record<string, string>>} Titles The names of a setting's values, by their titles. */

const PREFIX = "st-key-" // of the class that Streamlit gives to an element with a key

/** @type {Map<string, string>} */
let keys = new Map() // class → setting
/** @type {Titles} */
let titles = {}

/**
 * Watch the settings of the page; `named` maps titles on the screen to values, for settings that
 * have titles.
 *
 * @param {Iterable<string>} settings
 * @param {Titles} named
 */
export function watch(settings, named) {
  keys = new Map([...settings].map(key => [PREFIX + key.replace(/[^\w-]/g, "-"), key]))
  titles = named
}

/**
 * The setting of the widget that contains an element, if there is one.
 *
 * @param {Element} element
 */
function settingOf(element) {
  for (let at = element.closest(`[class*=${PREFIX}]`); at; at = at.parentElement?.closest(`[class*=${PREFIX}]`) ?? null) {
    for (const name of at.classList) {
      // Chips are in several rows, each with its own key: SETTING:row:one.
      const chips = /^(.+)-[^-]+-one$/.exec(name)?.[1] ?? ""
      const key = keys.get(name) ?? keys.get(chips)
      if (key) return key
    }
  }
  return ""
}

/**
 * Tell the hand a widget's new value; invalid or unfinished input is left to the page.
 *
 * @param {Element} element
 */
function tell(element) {
  const key = settingOf(element)
  if (!key || !hand.covers(key)) return
  if (element instanceof HTMLInputElement && element.type === "number") {
    if (element.value && element.checkValidity()) move(key, String(Number(element.value)))
  } else if (element instanceof HTMLInputElement && element.type === "checkbox") {
    move(key, element.checked ? "on" : "off")
  }
}

/**
 * @param {string} key
 * @param {string} text
 */
function move(key, text) {
  if ((hand.changes.get(key) ?? hand.known.get(key)) !== text) hand.move(key, text)
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, event => { if (event.target instanceof Element) tell(event.target) })
}

document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element)) return
  const field = target.closest("[data-testid=stNumberInput], [data-testid=stCheckbox]")?.querySelector("input")
  if (field) return setTimeout(() => tell(field)) // Streamlit updates the field after this event
  const button = target.closest("button")
  if (!button) return
  const key = settingOf(button)
  const text = titles[key]?.[button.textContent?.trim() ?? ""]
  if (text !== undefined && hand.covers(key)) move(key, text)
}, { capture: true }) // before Streamlit asks for its run
