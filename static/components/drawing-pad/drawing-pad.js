// @ts-check
// A sheet to draw on: mouse, pen, finger, or arrow keys.
//
// While a line is drawn, the maps follow through the live channel; the page runs when the pen rests
// or is lifted. Undo and redo step through everything done here.

import { arrow, enable, find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { OneInFlight } from "../core/one-in-flight.js"
import { hand } from "../live/hand.js"
import { SHEET, drawSheet, prepare } from "./sheet.js"
import { format, onSheet, parse, simplify } from "./strokes.js"

/** @import { Component } from "../core/component.js" */
/** @import { Point, Stroke, Tool } from "./strokes.js" */
/** @typedef {{ key: string, label: string, value: string, most: number, turn: number, under: string }} Data */

const NEAR = 2 // units; a point nearer than this to the last one adds nothing
const KEY = 8 // units that an arrow key moves the pen
const REST = 300 // ms without a movement, after which the pen rests
/** @type {[Tool, string][]} */
const TOOLS = [["d", "Draw"], ["e", "Erase"]]

const mounts = new Mounts(root => new DrawingPad(find(root, ".drawing-pad")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setStateValue }) {
  const pad = mounts.of(parentElement)
  pad.send = state => setStateValue("drawn", state)
  pad.show(data)
  return () => pad.remove()
}

class DrawingPad {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {Data} */
    this.data
    /** @type {Stroke[]} */
    this.strokes = []
    /** @type {Stroke[][]} */
    this.done = [] // the sheet before each action
    /** @type {Stroke[][]} */
    this.undone = []
    /** @type {Stroke & { pointer: number } | null} */
    this.line = null // the stroke under the hand
    /** @type {Point} */
    this.place = [SHEET / 2, SHEET / 2] // where the arrow keys are
    /** @type {Tool} */
    this.tool = "d"
    this.told = "" // the drawing last sent to the page, or last received from it
    this.moved = "" // the drawing that the maps were last requested for
    /** @type {OneInFlight<{ value: string }>} */
    this.flight = new OneInFlight(({ value }) => this.land(value))
    this.waiting = false
    this.resting = 0
    /** @type {(state: { value: string, turn: number }) => void} */
    this.send = () => {}
    this.canvas = this.makeSheet(root)
    const bar = make("div", "bar", root)
    const button = (/** @type {string} */ label, /** @type {() => void} */ act) =>
      makeButton(bar, label.toLowerCase(), label, act)
    this.tools = TOOLS.map(([tool, label]) => button(label, () => this.choose(tool)))
    this.back = button("Undo", () => this.undo())
    this.forth = button("Redo", () => this.redo())
    this.wipe = button("Clear", () => this.act([]))
    this.said = make("p", "said", root)
    this.said.setAttribute("role", "status")
    this.choose("d")
  }

  /** @param {HTMLElement} root */
  makeSheet(root) {
    const canvas = make("canvas", "sheet", root)
    prepare(canvas)
    canvas.tabIndex = 0
    canvas.setAttribute("role", "img")
    canvas.onpointerdown = event => this.begin(event)
    canvas.onpointermove = event => this.follow(event)
    canvas.onpointerup = event => this.end(event)
    canvas.onpointercancel = () => this.drop()
    canvas.onkeydown = event => this.key(event)
    canvas.onblur = () => this.draw()
    return canvas
  }

  remove() {
    clearTimeout(this.resting)
    this.flight.remove()
  }

  /** @param {Data} data */
  show(data) {
    const first = !this.data
    this.data = data
    this.canvas.style.background = data.under ? `url("${data.under}") center / cover` : ""
    this.canvas.setAttribute("aria-label", `${data.label}. Arrow keys move the pen; with Shift they draw.`)
    this.flight.hear(data.turn)
    const still = !this.line && !this.flight.isAway && !this.waiting
    if (still && data.turn >= this.flight.lastTurn && data.value !== this.told) {
      this.told = data.value
      if (!first) this.done.push(this.strokes) // a drawing from the link was not made here, so it cannot be undone
      this.undone = []
      this.strokes = parse(data.value)
    }
    this.draw()
  }

  /** @param {Tool} tool */
  choose(tool) {
    this.tool = tool
    this.tools.forEach((button, i) => button.setAttribute("aria-pressed", String(TOOLS[i][0] === tool)))
  }

  // Pointer and keys

  /** @param {PointerEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect()
    const scale = SHEET / box.width
    return onSheet((event.clientX - box.left) * scale, (event.clientY - box.top) * scale)
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (this.line || event.button > 0) return
    event.preventDefault()
    this.canvas.focus({ preventScroll: true })
    this.canvas.setPointerCapture(event.pointerId)
    this.line = { pointer: event.pointerId, tool: this.tool, points: [this.at(event)] }
    this.tell()
  }

  /** @param {PointerEvent} event */
  follow(event) {
    const { line } = this
    if (event.pointerId !== line?.pointer) return
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      const [point, last] = [this.at(part), line.points[line.points.length - 1]]
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAR) line.points.push(point)
    }
    this.tell()
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId !== this.line?.pointer) return
    const { tool, points } = this.line
    this.line = null
    this.place = points[points.length - 1]
    this.act([...this.strokes, { tool, points: simplify(points) }])
  }

  drop() {
    this.line = null
    this.tell()
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const towards = arrow(event.key)
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault()
      if (event.shiftKey) this.redo()
      else this.undo()
    } else if (towards) {
      event.preventDefault()
      const [down, right] = towards
      const from = this.place
      this.place = onSheet(from[0] + KEY * right, from[1] + KEY * down)
      if (event.shiftKey) this.join(from)
      else this.draw()
    }
  }

  /**
   * Draw from the pen's last place to its current one; a line that continues the last stroke extends it.
   *
   * @param {Point} from
   */
  join(from) {
    const last = this.strokes[this.strokes.length - 1]
    const goesOn = last?.tool === this.tool && String(last.points[last.points.length - 1]) === String(from)
    if (!goesOn) return this.act([...this.strokes, { tool: this.tool, points: [from, this.place] }])
    const longer = { tool: last.tool, points: simplify([...last.points, this.place]) }
    this.act([...this.strokes.slice(0, -1), longer])
  }

  // History

  /** @param {Stroke[]} strokes */
  act(strokes) {
    this.said.textContent = ""
    if (format(strokes).length > this.data.most) {
      this.said.textContent = "The sheet is full: undo, or clear it."
      return this.tell()
    }
    if (!strokes.length && !this.strokes.length) return
    this.done.push(this.strokes)
    this.undone = []
    this.strokes = strokes
    this.tell()
  }

  undo() {
    this.step(this.done, this.undone)
  }

  redo() {
    this.step(this.undone, this.done)
  }

  /**
   * @param {Stroke[][]} from
   * @param {Stroke[][]} to
   */
  step(from, to) {
    const strokes = from.pop()
    if (!strokes) return
    to.push(this.strokes)
    this.strokes = strokes
    this.tell()
  }

  // Messages to the server

  /** The drawing as text, with the stroke under the hand. */
  get text() {
    const line = this.line && { tool: this.line.tool, points: simplify(this.line.points) }
    return format(line ? [...this.strokes, line] : this.strokes)
  }

  /** Draw; the maps follow at once, the page when the pen rests or is lifted. */
  tell() {
    this.draw()
    clearTimeout(this.resting)
    const { text } = this
    if (text !== this.moved && text.length <= this.data.most && hand.covers(this.data.key)) {
      this.moved = text
      hand.move(this.data.key, text, () => this.say(text))
    }
    if (this.line) this.resting = window.setTimeout(() => this.ask(), REST)
    else this.ask()
  }

  ask() {
    this.waiting = true
    if (!this.flight.isAway) this.depart()
  }

  depart() {
    this.waiting = false
    const value = this.text
    if (value.length > this.data.most || value === this.told) return
    this.told = value
    this.flight.depart({ value }, this.send)
  }

  /** @param {string} value */
  land(value) {
    if (this.waiting && value !== this.text) return this.depart()
    this.waiting = false // if the pen was lifted meanwhile, there is nothing to add
    if (value === this.text) hand.answered(this.data.key)
    this.say(value)
  }

  /**
   * Say, for tests and measurements, what the next frame shows.
   *
   * @param {string} value
   */
  say(value) {
    requestAnimationFrame(() => { this.canvas.dataset.shown = value })
  }

  // Drawing

  draw() {
    enable(this.back, this.done.length > 0)
    enable(this.forth, this.undone.length > 0)
    enable(this.wipe, this.strokes.length > 0)
    const all = this.line ? [...this.strokes, this.line] : this.strokes
    const byKeys = !this.line && this.canvas.matches(":focus-visible")
    drawSheet(this.canvas, all, byKeys ? this.place : null, Boolean(this.data?.under))
    this.canvas.dataset.strokes = String(all.length) // for tests
  }
}
