// @ts-check
// A slider that acts while it is dragged: the maps follow every movement through the live channel,
// and the page runs when the hand rests or lets go. Without a channel, it acts when released.

import { find } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { OneInFlight } from "../core/one-in-flight.js"
import { hand } from "../live/hand.js"

/** @import { Component } from "../core/component.js" */
/**
 * @typedef {object} Data
 * @property {string} key The key of the setting.
 * @property {string} label
 * @property {string | null} help
 * @property {string | null} unit
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {number} start The value that a double click sets.
 * @property {number} value
 * @property {number} turn The last turn that was answered.
 */

const REST = 300 // ms without movement after which a slider that is still held counts as resting

const mounts = new Mounts(root => new Slider(root))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setStateValue }) {
  const slider = mounts.of(parentElement)
  slider.send = state => setStateValue("moved", state)
  slider.show(data)
  return () => slider.remove()
}

class Slider {
  /** @param {ShadowRoot} root */
  constructor(root) {
    /** @type {Data} */
    this.data
    this.range = /** @type {HTMLInputElement} */ (root.querySelector("input[type=range]"))
    this.number = /** @type {HTMLInputElement} */ (root.querySelector("input[type=number]"))
    this.label = find(root, "label")
    this.unit = find(root, ".unit")
    /** @type {OneInFlight<{ value: number }>} */
    this.flight = new OneInFlight(({ value }) => this.land(value), true)
    /** @type {(state: { value: number, turn: number }) => void} */
    this.send = () => {}
    this.waiting = false
    this.held = false
    this.ahead = false // the page has not been asked for the current value yet
    this.untold = false // whether the channel was missing when the current value was set
    this.deaf = hand.onReady(() => { if (this.held && this.untold) this.move(this.value) })
    this.resting = 0
    this.range.onpointerdown = this.range.onkeydown = () => { this.held = true }
    this.range.onpointerup = this.range.onpointercancel = () => { this.held = false }
    this.range.onkeyup = this.range.onblur = () => this.release()
    this.range.oninput = () => this.move(this.value)
    this.range.onchange = () => { if (!this.held) this.release() } // a held key changes the value often
    this.range.ondblclick = () => this.jump(this.data.start)
    this.number.onchange = () => this.jump(this.number.valueAsNumber)
  }

  remove() {
    clearTimeout(this.resting)
    this.deaf()
    this.flight.remove()
  }

  get value() {
    return Number(this.range.value)
  }

  /** @param {Data} data */
  show(data) {
    this.data = data
    this.label.textContent = data.label
    this.label.title = data.help ?? ""
    this.unit.textContent = data.unit ?? ""
    for (const input of [this.range, this.number]) {
      input.min = String(data.low)
      input.max = String(data.high)
      input.step = String(data.step)
      input.setAttribute("aria-label", data.label)
    }
    this.flight.hear(data.turn)
    if (!this.flight.isAway && !this.waiting && !this.ahead) this.display(data.value)
  }

  /** @param {number} value */
  display(value) {
    this.range.value = String(value)
    const root = /** @type {ShadowRoot} */ (this.number.getRootNode())
    if (root.activeElement !== this.number) this.number.value = String(value)
    const { low, high } = this.data
    this.range.style.setProperty("--done", `${(100 * (value - low)) / (high - low || 1)}%`)
  }

  /** @param {number} value */
  jump(value) {
    if (!Number.isFinite(value)) return this.display(this.data.value)
    const { low, high } = this.data
    const kept = Math.min(high, Math.max(low, value))
    this.number.value = String(kept)
    this.move(kept)
    this.release()
  }

  /**
   * Take a new value from the user.
   *
   * @param {number} value
   */
  move(value) {
    this.display(value)
    this.ahead = true
    clearTimeout(this.resting)
    this.untold = !hand.covers(this.data.key)
    if (this.untold) return
    // As a link writes it: without the rounding noise of binary fractions.
    hand.move(this.data.key, Number(value.toPrecision(12)), () => this.say(value))
    if (this.held) this.resting = window.setTimeout(() => this.ask(), REST)
  }

  /** The slider was released: the page follows the maps. */
  release() {
    this.held = false
    if (this.ahead) this.ask()
  }

  /** Ask the page to run with the current value. */
  ask() {
    clearTimeout(this.resting)
    this.ahead = this.untold = false
    this.waiting = true
    if (!this.flight.isAway) this.depart()
  }

  depart() {
    this.waiting = false
    this.flight.depart({ value: this.value }, this.send)
  }

  /** @param {number} value */
  land(value) {
    if (this.waiting) return this.depart()
    if (this.ahead) return
    hand.answered(this.data.key)
    this.say(value)
    this.display(this.data.value)
  }

  /**
   * Say, for tests and measurements, which value is on the screen.
   *
   * @param {number} value
   */
  say(value) {
    this.range.dataset.shown = String(value)
  }
}
