// @ts-check
// A tour of a page: a few stops in order, each with a sentence. Users can leave it at any time, and open
// it again. On a first visit, the first stops open automatically, once.

import { find, make, makeButton, setAttributes } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { filmed } from "../core/visits.js"

/** @import { Component } from "../core/component.js" */
/**
 * The selector of the element that is shown; the sentence; whether the stop is part of a first
 * visit.
 *
 * @typedef {{ at: string, text: string, first: boolean }} Stop
 */

const ROOM = 8 // CSS pixels between what is shown and the card

const mounts = new Mounts(root => new Tour(root))

/** @param {Component<Stop[]>} component */
export default function ({ data, parentElement }) {
  const tour = mounts.of(parentElement)
  tour.all = data
  return () => tour.leave()
}

class Tour {
  /** @param {ShadowRoot} root */
  constructor(root) {
    /** @type {Stop[]} */
    this.all = []
    /** @type {Stop[]} */
    this.stops = [] // the stops of the current tour
    this.at = -1
    this.begin = find(root, "button")
    this.begin.onclick = () => this.start(this.all)
    filmed.then(() => { if (this.at < 0 && this.begin.isConnected) this.start(this.all.filter(({ first }) => first), true) })
    this.isUnasked = false // it opened automatically: it takes no focus, and a press elsewhere ends it
    // Both are in the top layer, above everything on the page.
    this.light = make("div", "light", root)
    this.card = make("div", "card", root)
    for (const part of [this.light, this.card]) part.popover = "manual"
    setAttributes(this.card, { role: "dialog", "aria-label": "Tour" })
    this.text = make("p", "", this.card)
    this.text.setAttribute("aria-live", "polite")
    const foot = make("div", "foot", this.card)
    this.count = make("span", "count", foot)
    makeButton(foot, "", "Skip", () => this.leave())
    this.next = makeButton(foot, "next", "Next", () => this.go(this.at + 1))
    this.onkey = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") this.leave()
      else this.ontouch(event)
    }
    this.ontouch = (/** @type {Event} */ event) => {
      if (this.isUnasked && !event.composedPath().includes(this.card)) this.leave()
    }
    this.onmove = () => this.lay()
  }

  /**
   * @param {Stop[]} stops
   * @param {boolean} [unasked]
   */
  start(stops, unasked = false) {
    this.stops = stops
    this.isUnasked = unasked
    this.go(0)
  }

  /** @param {number} at */
  go(at) {
    const stop = this.stops[at]
    if (!stop || !document.querySelector(stop.at)) return this.leave()
    if (this.at < 0) {
      document.addEventListener("keydown", this.onkey, true)
      document.addEventListener("pointerdown", this.ontouch, true)
      window.addEventListener("resize", this.onmove)
      document.addEventListener("scroll", this.onmove, true)
      this.light.showPopover()
      this.card.showPopover()
    }
    const hasBegun = this.at >= 0
    this.at = at
    this.text.textContent = stop.text
    this.count.textContent = `${at + 1} of ${this.stops.length}`
    this.next.textContent = at + 1 < this.stops.length ? "Next" : "Done"
    document.querySelector(stop.at)?.scrollIntoView({ block: "nearest" })
    this.lay()
    if (hasBegun || !this.isUnasked) this.next.focus({ preventScroll: true })
  }

  /** Put the spotlight around the element that is shown, and the card where there is most room beside it. */
  lay() {
    const shown = document.querySelector(this.stops[this.at]?.at)
    if (!shown) return this.leave()
    const { left, top, right, bottom, width, height } = shown.getBoundingClientRect()
    Object.assign(this.light.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` })
    const card = this.card.getBoundingClientRect()
    const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(ROOM, Math.min(most - ROOM, value))
    const below = bottom + ROOM + card.height < window.innerHeight
    const beside = right + ROOM + card.width < window.innerWidth
    const above = top > card.height + 2 * ROOM
    const narrow = left < card.width + 2 * ROOM // no room on that side either
    const x = below || (!beside && above && narrow) ? left : beside ? right + ROOM : left - card.width - ROOM
    const y = below ? bottom + ROOM : !beside && above && narrow ? top - card.height - ROOM : top
    this.card.style.left = `${within(x, window.innerWidth - card.width)}px`
    this.card.style.top = `${within(y, window.innerHeight - card.height)}px`
  }

  leave() {
    if (this.at < 0) return
    this.at = -1
    document.removeEventListener("keydown", this.onkey, true)
    document.removeEventListener("pointerdown", this.ontouch, true)
    window.removeEventListener("resize", this.onmove)
    document.removeEventListener("scroll", this.onmove, true)
    for (const part of [this.light, this.card]) if (part.isConnected) part.hidePopover()
    if (!this.isUnasked) this.begin.focus({ preventScroll: true })
  }
}
