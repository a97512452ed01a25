// @ts-check
// Keeps the hands off controls that a task shows, but does not let anybody change: by mouse, by
// finger and by keys.

import { Mounts } from "../core/mounts.js"

/** @import { Component } from "../core/component.js" */

const mounts = new Mounts(() => new Guard())

/** @param {Component<{ locked: string[] }>} component */
export default function ({ data, parentElement }) {
  const guard = mounts.of(parentElement)
  guard.watch(data.locked.join(", "))
  return () => guard.watch("")
}

class Guard {
  constructor() {
    this.selector = ""
    /** @type {Set<HTMLElement>} */
    this.held = new Set()
    // What a run draws anew is not held yet.
    this.observer = new MutationObserver(() => this.hold())
  }

  /** @param {string} selector What is locked; nothing, if it is empty. */
  watch(selector) {
    this.selector = selector
    this.observer.disconnect()
    if (selector) this.observer.observe(document.body, { childList: true, subtree: true })
    this.hold()
  }

  hold() {
    const wanted = this.selector ? document.querySelectorAll(this.selector) : []
    const now = new Set([...wanted].filter(element => element instanceof HTMLElement))
    for (const element of this.held) if (!now.has(element)) element.inert = false
    for (const element of now) element.inert = true
    this.held = now
  }
}
