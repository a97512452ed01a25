// A slider that acts while it is dragged. It sends on every movement, but never has more than
// one request in flight: while one is, only the latest value waits, and it leaves when the
// answer has been painted. The server calls again with the `turn` it has answered.

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
    this.range.oninput = () => this.move(Number(this.range.value))
    this.range.ondblclick = () => this.jump(this.data.start)
    this.number.onchange = () => this.jump(this.number.valueAsNumber)
    this.painted = () => { if (this.flight?.answered) this.land() }
    document.addEventListener("cnnviz:painted", this.painted)
  }

  remove() {
    clearTimeout(this.flight?.timer)
    document.removeEventListener("cnnviz:painted", this.painted)
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

  depart() {
    const state = { ...this.waiting, turn: Date.now() * 1000 + (this.turn++ % 1000) }
    this.waiting = null
    this.flight = { turn: state.turn, answered: false, timer: 0 }
    this.wait(LOST)
    this.send(state)
  }

  wait(time) {
    clearTimeout(this.flight.timer)
    this.flight.timer = setTimeout(() => this.land(), time)
  }

  land() {
    clearTimeout(this.flight?.timer)
    this.flight = null
    if (this.waiting) this.depart()
    else this.display(this.data.value)
  }
}
