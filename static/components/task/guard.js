// @ts-check
// Leaves only the controls of a page that a task needs: some are hidden, and some are visible but locked
// for mouse, finger and keys.

import { Mounts } from "../core/mounts.js"

/** @import { Component } from "../core/component.js" */
/** @typedef {{ hidden: string[], locked: string[] }} Guarded Selectors. */

const mounts = new Mounts(() => new Guard())

/** @param {Component<Guarded>} component */
export default function ({ data, parentElement }) {
  const guard = mounts.of(parentElement)
  guard.watch(data)
  return () => {
    guard.remove()
    mounts.forget(parentElement)
  }
}

class Guard {
  constructor() {
    this.sheet = new CSSStyleSheet()
    document.adoptedStyleSheets.push(this.sheet)
    this.locked = ""
    /** @type {Set<HTMLElement>} */
    this.held = new Set()
    // Elements that a run has redrawn are not locked yet.
    this.observer = new MutationObserver(() => this.hold())
  }

  remove() {
    this.watch({ hidden: [], locked: [] })
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(sheet => sheet !== this.sheet)
  }

  /** @param {Guarded} guarded */
  watch({ hidden, locked }) {
    this.sheet.replaceSync(hidden.length ? `${hidden.join(", ")} { display: none !important; }` : "")
    this.locked = locked.join(", ")
    this.observer.disconnect()
    if (this.locked) this.observer.observe(document.body, { childList: true, subtree: true })
    this.hold()
  }

  hold() {
    const wanted = this.locked ? document.querySelectorAll(this.locked) : []
    const now = new Set([...wanted].filter(element => element instanceof HTMLElement))
    for (const element of this.held) if (!now.has(element)) element.inert = false
    for (const element of now) element.inert = true
    this.held = now
  }
}
