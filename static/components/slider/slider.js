// A slider that acts while it is dragged. It sends on every movement, but never has more than
// one request in flight: while one is, only the latest value waits, and it leaves when the
// answer has been painted. The server calls again with the `turn` it has answered.
//
// While the hand or a key holds the slider, it asks for what follows from it alone, where a part
// of the page offers that (see moves.js); when the hand lets go, for the whole page.

import { mover } from "../fragment-run/fragment-run.js"

const PATIENCE = 150 // ms to wait for paint after the answer, where the answer changes no map
const LOST = 2000 // ms after which a request is given up

const mounts = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Slider(parentElement))
  const slider = mounts.get(parentElement)
  slider.send = state => setStateValue("value", state)
  slider.show(data)
  return () => slider.remove()
}

class Slider {
  constructor(root) {
    this.range = root.querySelector("input[type=range]")
    this.number = root.querySelector("input[type=number]")
    this.label = root.querySelector("label")
    this.unit = root.querySelector(".unit")
    this.turn = 0
    this.flight = null // { turn, answered, timer }
    this.waiting = null // the state to send next
    this.held = false
    this.ahead = false // the maps have a value that the page does not have yet
    this.range.onpointerdown = this.range.onkeydown = () => { this.held = true }
    this.range.onpointerup = this.range.onpointercancel = () => { this.held = false }
    this.range.onkeyup = this.range.onblur = () => this.release()
    this.range.oninput = () => this.move(Number(this.range.value))
    this.range.onchange = () => { if (!this.held) this.release() } // a held key changes it often
    this.range.ondblclick = () => this.jump(this.data.start)
    this.number.onchange = () => this.jump(this.number.valueAsNumber)
    this.painted = () => { if (this.flight?.answered) this.land() }
    // The maps that came with the answer are painted in the next frame, before this lands.
    this.answered = () => { if (this.isAnswered()) requestAnimationFrame(() => this.isAnswered() && this.land()) }
    document.addEventListener("cnnviz:painted", this.painted)
    document.addEventListener("cnnviz:answered", this.answered)
  }

  remove() {
    clearTimeout(this.flight?.timer)
    document.removeEventListener("cnnviz:painted", this.painted)
    document.removeEventListener("cnnviz:answered", this.answered)
  }

  show(data) {
    this.data = data
    this.label.textContent = data.label
    this.label.title = data.help ?? ""
    this.unit.textContent = data.unit ?? ""
    for (const input of [this.range, this.number]) {
      input.min = data.low
      input.max = data.high
      input.step = data.step
      input.setAttribute("aria-label", data.label)
    }
    if (this.flight && data.turn >= this.flight.turn && !this.flight.answered) {
      this.flight.answered = true
      this.wait(PATIENCE)
    }
    if (!this.flight && !this.waiting) this.display(data.value)
  }

  display(value) {
    this.range.value = value
    if (this.number.getRootNode().activeElement !== this.number) this.number.value = value
    const { low, high } = this.data
    this.range.style.setProperty("--done", `${(100 * (value - low)) / (high - low || 1)}%`)
  }

  jump(value) {
    if (!Number.isFinite(value)) return this.display(this.data.value)
    const { low, high } = this.data
    const kept = Math.min(high, Math.max(low, value))
    this.number.value = kept
    this.move(kept)
  }

  /** A new value under the hand. */
  move(value) {
    this.display(value)
    this.waiting = { value }
    if (!this.flight) this.depart()
  }

  /** The hand has let go: the page follows the maps. */
  release() {
    this.held = false
    if (!this.ahead) return
    this.waiting = { value: Number(this.range.value) }
    if (!this.flight) this.depart()
  }

  depart() {
    const state = { ...this.waiting, turn: Date.now() * 1000 + (this.turn++ % 1000) }
    const part = this.held ? mover(this.data.key) : null
    this.waiting = null
    this.flight = { turn: state.turn, value: state.value, part, answered: false, timer: 0 }
    this.ahead = Boolean(part)
    this.wait(LOST)
    if (part) part.move({ key: this.data.key, ...state })
    else this.send(state)
  }

  /** Whether the part that was asked for has come. */
  isAnswered() {
    return this.flight?.part?.turn >= this.flight?.turn
  }

  wait(time) {
    clearTimeout(this.flight.timer)
    this.flight.timer = setTimeout(() => this.land(), time)
  }

  land() {
    clearTimeout(this.flight?.timer)
    if (this.flight) this.range.dataset.shown = this.flight.value // for tests and measurements
    this.flight = null
    if (this.waiting) this.depart()
    else if (this.ahead && !this.held) this.release()
    else if (!this.ahead) this.display(this.data.value)
  }
}
