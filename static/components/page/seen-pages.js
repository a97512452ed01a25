// @ts-check
// Marks the pages that this browser has seen, in the row of pages. On a phone the row is a menu over the
// page, which Streamlit leaves open: here it closes once a page is chosen.

import { remember, seen } from "../core/visits.js"

/** @import { Component } from "../core/component.js" */

const PAGE = "page:"
const OPEN_MENU = '[data-testid="stSidebar"][data-collapsed="false"] [data-testid="stSidebarCollapseButton"] button'
const NARROW = "(max-width: 768px)" // in such windows, Streamlit lays the menu over the page
const sheet = new CSSStyleSheet()
document.adoptedStyleSheets.push(sheet)
/** @type {string | null} */
let before = null // the page that was on the screen

/** @param {Component<{ pages: string[], here: string }>} component */
export default function ({ data: { here, pages } }) {
  if (before !== null && before !== here) closeMenu()
  before = here
  remember(PAGE + here)
  sheet.replaceSync(rules(pages.filter(page => page !== here && seen().includes(PAGE + page))))
}

function closeMenu() {
  const button = matchMedia(NARROW).matches && document.querySelector(OPEN_MENU)
  if (button instanceof HTMLElement) button.click()
}

/**
 * CSS for a quiet mark right behind the names of pages: a link has room for its name in bold, and a mark
 * at its end would be as near to the next name. The first page has the address of the app.
 *
 * @param {string[]} pages
 */
export function rules(pages) {
  const links = pages.map(page => `[data-testid="stTopNav"] a[href$="/${page}"] p`)
  return links.length ? `:is(${links.join(", ")})::after { content: "✓" / " seen"; margin-inline-start: 2px; font-size: 12px; opacity: 0.55; }` : ""
}
