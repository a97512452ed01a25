// @ts-check
// Marks, in the row of pages, those that this browser has seen.

import { remember, seen } from "../core/visits.js"

/** @import { Component } from "../core/component.js" */

const PAGE = "page:"
const sheet = new CSSStyleSheet()
document.adoptedStyleSheets.push(sheet)

/** @param {Component<{ pages: string[], here: string }>} component */
export default function ({ data: { here, pages } }) {
  remember(PAGE + here)
  sheet.replaceSync(rules(pages.filter(page => page !== here && seen().includes(PAGE + page))))
}

/**
 * A quiet mark behind the names of pages; the first page has the address of the app.
 *
 * @param {string[]} pages
 */
export function rules(pages) {
  const links = pages.map(page => `[data-testid="stTopNav"] a[href$="/${page}"]`)
  return links.length ? `:is(${links.join(", ")})::after { content: "✓" / "seen"; margin-inline-start: -5px; font-size: 12px; opacity: 0.55; }` : ""
}
