// A sheet to draw on: mouse, pen, finger, or arrow keys. Chalk on black, as the networks see it.
//
// It sends the drawing while a line is drawn, but never has more than one request in flight; the
// server answers with the `turn` it has read. Undo and redo go through all that was done here.
//
// For what is new it asks the part of the page that follows from the drawing alone, where there is
// one (see moves.js); once that has come, and no line is under the hand, the page follows.

import { mover } from "../fragment-run/fragment-run.js"
import { format, onSheet, parse, simplify } from "./strokes.js"

const SHEET = 256 // units a side
const WIDTHS = { d: 22, e: 52 } // units, as in cnnviz/images/drawings.py
const SHOWN = 512 // pixels a side of the canvas
const NEAR = 2 // units; a point nearer to the last one says nothing new
const KEY = 8 // units that an arrow key moves the pen
const LOST = 2000 // ms after which a request is given up
const TOOLS = [["d", "Draw"], ["e", "Erase"]]

const mounts = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Sketch(parentElement))
  const sketch = mounts.get(parentElement)
  sketch.send = state => setStateValue("value", state)
  sketch.show(data)
  return () => sketch.remove()
}

const make = (tag, name, parent) => {
  const element = parent.appendChild(document.createElement(tag))
  element.className = name
  return element
}

class Sketch {
  constructor(root) {
    this.root = root.querySelector(".drawing-pad")
    this.strokes = []
    this.undone = []
    this.done = [] // what the sheet held before each act
    this.line = null // the stroke under the hand
    this.place = [128, 128] // where the arrow keys are
    this.tool = "d"
    this.count = 0
    this.told = "" // the drawing that the server was told last, or said last
    this.turn = 0 // of the last request
    this.flight = null // { turn, text, part, timer }
    this.waiting = false
    this.ahead = false // the maps have a drawing that the page does not have yet
    // The maps that came with the answer are painted in the next frame; meanwhile the server works.
    this.answered = () => { if (this.isAnswered()) this.land() }
    document.addEventListener("cnnviz:answered", this.answered)
    this.build()
    this.choose("d")
  }

  remove() {
    clearTimeout(this.flight?.timer)
    document.removeEventListener("cnnviz:answered", this.answered)
  }

  build() {
    this.canvas = make("canvas", "sheet", this.root)
    this.canvas.width = this.canvas.height = SHOWN
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "img")
    this.canvas.onpointerdown = event => this.begin(event)
    this.canvas.onpointermove = event => this.follow(event)
    this.canvas.onpointerup = event => this.end(event)
    this.canvas.onpointercancel = () => this.drop()
    this.canvas.onkeydown = event => this.key(event)
    this.canvas.onblur = () => this.draw()
    const bar = make("div", "bar", this.root)
    this.tools = TOOLS.map(([tool, label]) => this.button(bar, label, () => this.choose(tool)))
    this.back = this.button(bar, "Undo", () => this.undo())
    this.forth = this.button(bar, "Redo", () => this.redo())
    this.wipe = this.button(bar, "Clear", () => this.act([]))
    this.said = make("p", "said", this.root)
    this.said.setAttribute("role", "status")
  }

  button(bar, label, act) {
    const button = make("button", label.toLowerCase(), bar)
    button.type = "button"
    button.textContent = label
    button.onclick = act
    return button
  }

  show(data) {
    const first = !this.data
    this.data = data
    this.canvas.setAttribute("aria-label", `${data.label}. Arrow keys move the pen; with Shift they draw.`)
    if (this.flight && data.turn >= this.flight.turn) this.land()
    const still = !this.line && !this.flight && !this.waiting
    if (still && data.turn >= this.turn && data.value !== this.told) {
      this.told = data.value
      if (!first) this.done.push(this.strokes) // what came with the link was not done here
      this.undone = []
      this.strokes = parse(data.value)
    }
    this.draw()
  }

  choose(tool) {
    this.tool = tool
    this.tools.forEach((button, i) => button.setAttribute("aria-pressed", TOOLS[i][0] === tool))
  }

  // What the hand does

  at(event) {
    const box = this.canvas.getBoundingClientRect()
    const scale = SHEET / box.width
    return onSheet((event.clientX - box.left) * scale, (event.clientY - box.top) * scale)
  }

  begin(event) {
    if (this.line || event.button > 0) return
    event.preventDefault()
    this.canvas.focus({ preventScroll: true })
    this.canvas.setPointerCapture(event.pointerId)
    this.line = { pointer: event.pointerId, tool: this.tool, points: [this.at(event)] }
    this.tell()
  }

  follow(event) {
    if (event.pointerId !== this.line?.pointer) return
    for (const part of event.getCoalescedEvents?.() ?? [event]) this.extend(this.at(part))
    this.tell()
  }

  extend(point) {
    const last = this.line.points.at(-1)
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAR) this.line.points.push(point)
  }

  end(event) {
    if (event.pointerId !== this.line?.pointer) return
    const { tool, points } = this.line
    this.line = null
    this.place = points.at(-1)
    this.act([...this.strokes, { tool, points: simplify(points) }])
  }

  drop() {
    this.line = null
    this.tell()
  }

  key(event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault()
      if (event.shiftKey) this.redo()
      else this.undo()
    } else if (arrow) {
      event.preventDefault()
      const from = this.place
      this.place = onSheet(from[0] + KEY * arrow[0], from[1] + KEY * arrow[1])
      if (event.shiftKey) this.join(from)
      else this.draw()
    }
  }

  /** Draw from where the pen was to where it is; what goes on from the last stroke lengthens it. */
  join(from) {
    const last = this.strokes.at(-1)
    const goesOn = last?.tool === this.tool && String(last.points.at(-1)) === String(from)
    if (!goesOn) return this.act([...this.strokes, { tool: this.tool, points: [from, this.place] }])
    const longer = { tool: last.tool, points: simplify([...last.points, this.place]) }
    this.act([...this.strokes.slice(0, -1), longer])
  }

  // What has been done

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
    if (!this.done.length) return
    this.undone.push(this.strokes)
    this.strokes = this.done.pop()
    this.tell()
  }

  redo() {
    if (!this.undone.length) return
    this.done.push(this.strokes)
    this.strokes = this.undone.pop()
    this.tell()
  }

  // What the server hears

  /** Draw, and let the server know as soon as it has answered the last time. */
  tell() {
    this.draw()
    this.waiting = true
    if (!this.flight) this.depart()
  }

  depart() {
    this.waiting = false
    const text = format(this.present())
    const isNew = text !== this.told
    if (text.length > this.data.most || (!isNew && (!this.ahead || this.line))) return
    const part = isNew ? mover(this.data.key) : null
    this.told = text
    this.turn = Date.now() * 1000 + (this.count++ % 1000)
    this.flight = { turn: this.turn, text, part, timer: setTimeout(() => this.land(), LOST) }
    this.ahead = Boolean(part)
    const state = { value: text, turn: this.turn }
    if (part) part.move({ key: this.data.key, ...state })
    else this.send(state)
  }

  /** Whether the part that was asked for has come. */
  isAnswered() {
    return this.flight?.part?.turn >= this.flight?.turn
  }

  land() {
    clearTimeout(this.flight.timer)
    this.painting(this.flight.text)
    this.flight = null
    if (this.waiting || this.ahead) this.depart()
  }

  /** Say, for tests and measurements, what the next frame shows. */
  painting(text) {
    requestAnimationFrame(() => { this.canvas.dataset.shown = text })
  }

  /** All strokes, with the one under the hand. */
  present() {
    return this.line ? [...this.strokes, { tool: this.line.tool, points: simplify(this.line.points) }] : this.strokes
  }

  // What is seen

  draw() {
    this.back.disabled = !this.done.length
    this.forth.disabled = !this.undone.length
    this.wipe.disabled = !this.strokes.length
    const context = this.canvas.getContext("2d")
    const scale = SHOWN / SHEET
    context.fillStyle = "#000000"
    context.fillRect(0, 0, SHOWN, SHOWN)
    context.lineCap = context.lineJoin = "round"
    const all = this.line ? [...this.strokes, this.line] : this.strokes
    for (const { tool, points } of all) {
      context.strokeStyle = tool === "d" ? "#ffffff" : "#000000"
      context.lineWidth = WIDTHS[tool] * scale
      context.beginPath()
      const places = points.map(point => point.map(place => (place + 0.5) * scale))
      places.forEach((place, i) => (i ? context.lineTo(...place) : context.moveTo(...place)))
      if (places.length === 1) context.lineTo(places[0][0] + 0.01, places[0][1]) // a dot
      context.stroke()
    }
    if (!all.length && !this.byKeys()) this.hint(context)
    if (this.byKeys()) this.cross(context, this.place.map(place => (place + 0.5) * scale))
    this.canvas.dataset.strokes = all.length // for tests
  }

  byKeys() {
    return !this.line && this.canvas.matches(":focus-visible")
  }

  hint(context) {
    context.fillStyle = "#8b93a1"
    context.textAlign = "center"
    context.font = "34px sans-serif"
    context.fillText("Draw here", SHOWN / 2, SHOWN / 2)
  }

  cross(context, [x, y]) {
    context.strokeStyle = "#ffb000"
    context.lineWidth = 4
    context.beginPath()
    for (const [dx, dy] of [[14, 0], [0, 14]]) {
      context.moveTo(x - dx, y - dy)
      context.lineTo(x + dx, y + dy)
    }
    context.stroke()
  }
}
