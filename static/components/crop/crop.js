// @ts-check
// The square of a picture that goes into a network: dragged, or moved with the arrow keys.

import { arrow, find, make } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { OneInFlight } from "../core/one-in-flight.js"
import { hand } from "../live/hand.js"
import { dragged, shown, squareOf, stepped } from "./square.js"

/** @import { Component } from "../core/component.js" */
/** @import { Place } from "./square.js" */
/**
 * @typedef {object} Data
 * @property {[across: string, down: string]} keys The keys of the two settings.
 * @property {string} label
 * @property {string} photo Its address, "data:…".
 * @property {[height: number, width: number]} size Of the picture.
 * @property {number} part Side of the square, as percent of the shorter side.
 * @property {Place} place
 * @property {number} turn The last turn that was answered.
 */

const REST = 300 // ms without a key, after which the page is asked to run

const mounts = new Mounts(root => new Crop(find(root, ".crop")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setStateValue }) {
  const crop = mounts.of(parentElement)
  crop.send = state => setStateValue("moved", state)
  crop.show(data)
  return () => crop.remove()
}

class Crop {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {Data} */
    this.data
    /** @type {Place} */
    this.place = { across: 50, down: 50 }
    /** @type {{ x: number, y: number, from: Place } | null} */
    this.held = null
    this.ahead = false // whether the page has yet to be asked for the current place
    this.waiting = false
    this.resting = 0
    /** @type {OneInFlight<Place>} */
    this.flight = new OneInFlight(() => this.land(), true)
    /** @type {(state: Place & { turn: number }) => void} */
    this.send = () => {}
    this.root = root
    this.photo = make("img", "", root)
    this.photo.alt = ""
    this.photo.draggable = false
    this.square = make("div", "square", root)
    this.square.tabIndex = 0
    this.square.setAttribute("role", "slider")
    root.onpointerdown = event => this.press(event)
    root.onpointermove = event => this.drag(event)
    root.onpointerup = root.onpointercancel = () => this.release()
    this.square.onkeydown = event => this.key(event)
    this.square.onblur = () => this.release()
  }

  remove() {
    clearTimeout(this.resting)
    this.flight.remove()
  }

  /** @param {Data} data */
  show(data) {
    this.data = data
    if (this.photo.src !== data.photo) this.photo.src = data.photo
    const [height, width] = shown(data.size)
    Object.assign(this.root.style, { width: `${width}px`, height: `${height}px` })
    this.square.setAttribute("aria-label", data.label)
    this.flight.hear(data.turn)
    if (!this.flight.isAway && !this.waiting && !this.ahead) this.place = data.place
    this.draw()
  }

  draw() {
    const { size, part } = this.data
    const { left, top, side } = squareOf(size, part, this.place)
    const percent = (/** @type {number} */ length, /** @type {number} */ whole) => `${(100 * length) / whole}%`
    Object.assign(this.square.style, {
      left: percent(left, size[1]), top: percent(top, size[0]),
      width: percent(side, size[1]), height: percent(side, size[0]),
    })
    const { across, down } = this.place
    this.square.setAttribute("aria-valuenow", String(size[1] > size[0] || part < 100 ? across : down))
    this.square.setAttribute("aria-valuetext", `${across} % across, ${down} % down`)
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button > 0) return
    event.preventDefault()
    this.root.setPointerCapture(event.pointerId)
    this.square.focus({ preventScroll: true })
    this.held = { x: event.clientX, y: event.clientY, from: this.place }
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.held) return
    const [height, width] = this.data.size
    const by = /** @type {const} */ ([
      ((event.clientX - this.held.x) * width) / this.root.clientWidth,
      ((event.clientY - this.held.y) * height) / this.root.clientHeight,
    ])
    this.move(dragged(this.data.size, this.data.part, this.held.from, by))
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = arrow(event.key)
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    this.move(stepped(this.place, step, event.shiftKey ? 10 : 1))
    clearTimeout(this.resting)
    this.resting = window.setTimeout(() => this.release(), REST)
  }

  /** @param {Place} place */
  move(place) {
    if (place.across === this.place.across && place.down === this.place.down) return
    this.place = place
    this.ahead = true
    this.draw()
    const [across, down] = this.data.keys
    if (!hand.covers(across)) return
    hand.move(across, place.across)
    hand.move(down, place.down)
  }

  /** The square was released: the page follows. */
  release() {
    clearTimeout(this.resting)
    this.held = null
    if (!this.ahead) return
    this.ahead = false
    this.waiting = true
    if (!this.flight.isAway) this.depart()
  }

  depart() {
    this.waiting = false
    this.flight.depart(this.place, this.send)
  }

  land() {
    if (this.waiting) return this.depart()
    if (this.ahead) return
    this.data.keys.forEach(key => hand.answered(key))
    this.place = this.data.place
    this.draw()
  }
}
