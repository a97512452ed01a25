// @ts-check
// Start, pause, step, reset; and while a training runs, the requests for its next part.
//
// The browser asks for one part at a time, once the last has been painted. So a training is never ahead
// of the screen, takes turns with everything else on the page, rests while its tab is hidden, and ends
// when the page is left.

import { enable, find, make, makeButton } from "../core/dom.js"
import { wantsRest } from "../core/motion.js"
import { Mounts } from "../core/mounts.js"

/** @import { Component } from "../core/component.js" */
/**
 * @typedef {object} Data
 * @property {boolean} running
 * @property {boolean} over Nothing is left to be learned.
 * @property {boolean} fresh Nothing has been learned yet.
 * @property {string} status
 * @property {number} rest ms between the paint and the next part; with this, the server limits the load
 *   when many train at once.
 * @property {number} turn Changes with every answer.
 */

const LOST = 5000 // ms after which an unanswered part is requested again
const CALM = 1000 // ms between parts for users who prefer reduced motion
const HAND = 500 // ms to wait after something was pressed

const mounts = new Mounts(root => new Transport(find(root, ".transport")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const transport = mounts.of(parentElement)
  transport.send = what => setTriggerValue("asked", what)
  transport.show(data)
  return () => transport.leave()
}

class Transport {
  /** @param {HTMLElement} bar */
  constructor(bar) {
    this.bar = bar
    this.toggle = makeButton(bar, "toggle", "", () => this.ask(this.data.running ? "pause" : "start"))
    this.step = makeButton(bar, "step", "One step", () => this.ask("step"))
    this.reset = makeButton(bar, "reset", "Reset", () => this.ask("reset"))
    this.status = make("span", "status", bar)
    this.heldUntil = 0
    this.frame = 0
    this.timer = 0
    /** @type {Data} */
    this.data
    /** @type {(what: string) => void} */
    this.send = () => {}
    this.hold = (/** @type {Event} */ event) => this.wait(event)
  }

  /** @param {Data} data */
  show(data) {
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, this.hold, true)
    this.data = data
    const { running, over, fresh, status } = data
    this.toggle.textContent = running ? "Pause" : fresh ? "Start" : "Go on"
    enable(this.toggle, !over)
    enable(this.step, !over && !running)
    enable(this.reset, running || !fresh)
    this.status.textContent = status
    this.bar.dataset.running = String(running)
    this.bar.dataset.turn = String(data.turn)
    this.rest()
    if (running) {
      // a hidden tab draws no frames
      this.frame = requestAnimationFrame(() => this.later(data.rest))
    }
  }

  /** @param {number} rest */
  later(rest) {
    clearTimeout(this.timer)
    const least = wantsRest() ? CALM : 0
    this.timer = window.setTimeout(() => this.tick(), Math.max(rest, least, this.heldUntil - performance.now()))
  }

  /**
   * A press comes first: a part that is requested while another page is loading would bring back
   * this one.
   *
   * @param {Event} event
   */
  wait(event) {
    const leaves = event.composedPath().some(part => part instanceof HTMLAnchorElement)
    this.heldUntil = performance.now() + (leaves ? LOST : HAND)
    if (this.data.running && this.timer) this.later(0)
  }

  tick() {
    this.send("tick")
    this.timer = window.setTimeout(() => this.tick(), LOST)
  }

  /** @param {string} what */
  ask(what) {
    this.heldUntil = 0
    this.rest()
    this.send(what)
  }

  rest() {
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    this.timer = 0
  }

  leave() {
    this.rest()
    for (const kind of ["pointerdown", "keydown"]) document.removeEventListener(kind, this.hold, true)
  }
}
