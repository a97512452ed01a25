// An editable grid of numbers. What is committed is shown at once and sent with a `turn`; the
// server answers with the turn it has seen, so that an older answer never undoes a newer number.

import { copy } from "../core/clipboard.js"
import { ink, palette } from "../core/colour.js"
import { Cells } from "./cells.js"
import { History, cut, level, mapped, resized, same } from "./edits.js"
import {
  Unreadable, asNumpy, asTabs, checkLargest, exactText, parseMatrix, readNumber,
} from "./text.js"

const LOST = 10_000 // ms after which an answer is no longer waited for
const SIDES = ["row", "column"]

const mounts = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Matrix(parentElement.querySelector(".matrix")))
  const matrix = mounts.get(parentElement)
  matrix.send = state => setStateValue("edited", state)
  matrix.take(data)
}

const make = (tag, name, parent, text = "") => {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  parent.append(element)
  return element
}

class Matrix {
  constructor(root) {
    this.turn = 0
    this.sent = 0 // the turn of the last state that left
    this.history = null
    const head = make("div", "line", root)
    this.label = make("span", "label", head)
    this.undoButton = this.button(head, "↶", "Undo (Ctrl+Z)", () => this.undo())
    this.redoButton = this.button(head, "↷", "Redo (Ctrl+Shift+Z)", () => this.redo())
    this.button(head, "±", "Change the sign", () => this.changeSign()).classList.add("touch-only")
    this.button(head, "Copy", "Copy as rows for a spreadsheet", () => this.copy(asTabs(this.state.rows)))
    this.button(head, "NumPy", "Copy as a line of NumPy", () => this.copy(asNumpy(this.state.rows, this.state.divisor)))
    this.cells = new Cells(this)
    make("div", "frame", root).append(this.cells.element)
    const foot = make("div", "line", root)
    this.sides = SIDES.map((side, axis) => {
      if (axis) make("span", "between", foot, "×")
      return this.stepper(foot, side, axis)
    })
    this.division = make("label", "division", foot, "÷")
    this.divisor = this.field(this.division, "divisor", text => this.divide(text))
    this.divisor.inputMode = "decimal"
    this.said = make("p", "said", root)
    this.said.setAttribute("role", "status")
  }

  get state() { return this.history.state }

  button(parent, text, title, onclick) {
    const button = make("button", "tool", parent, text)
    button.type = "button"
    button.title = title
    button.setAttribute("aria-label", title)
    button.onmousedown = event => event.preventDefault() // the cell keeps the focus, and its keyboard
    button.onclick = onclick
    return button
  }

  field(parent, label, onchange) {
    const input = make("input", "field", parent)
    input.title = label
    input.setAttribute("aria-label", label)
    input.onkeydown = event => event.stopPropagation()
    input.onchange = () => onchange(input.value)
    return input
  }

  /** − 3 + for the rows or the columns. */
  stepper(parent, side, axis) {
    const group = make("span", "stepper", parent)
    group.setAttribute("role", "group")
    group.setAttribute("aria-label", `${side}s`)
    const by = step => this.resize(axis, this.cells.size[axis] + step)
    this.button(group, "−", `One ${side} fewer`, () => by(-1))
    const field = this.field(group, `${side}s`, text => this.resize(axis, Number(text)))
    field.inputMode = "numeric"
    this.button(group, "+", `One ${side} more`, () => by(1))
    return field
  }

  /** Data from the server: the value, unless it has not yet seen our last one. */
  take(data) {
    this.data = data
    this.table = palette(Uint8Array.from(atob(data.table), character => character.charCodeAt(0)))
    this.label.textContent = data.label
    this.label.title = data.help ?? ""
    this.cells.element.setAttribute("aria-label", data.label)
    this.division.hidden = data.divisor === null
    const value = { rows: data.rows, divisor: data.divisor ?? 1 }
    const answered = data.turn >= this.sent || Date.now() - this.sent / 1000 > LOST
    if (!this.history) this.history = new History(value)
    else if (answered && !same(value, this.state)) this.history.add(value)
    this.show()
  }

  show() {
    const { rows, divisor } = this.state
    const { low, high } = this.data
    const most = Math.max(...rows.flat().map(Math.abs)) || 1
    const [from, to] = low === null ? [-most, most] : [low, high]
    this.cells.show(rows, value => ink(this.table[level(value, from, to)]))
    this.sides.forEach((field, axis) => { field.value = this.cells.size[axis] })
    this.divisor.value = exactText(divisor)
    this.undoButton.setAttribute("aria-disabled", !this.history.past.length)
    this.redoButton.setAttribute("aria-disabled", !this.history.future.length)
  }

  say(sentence) {
    this.said.textContent = sentence
  }

  /** A new state by the person's hand: kept, shown, sent; throws Unreadable. */
  change(rows, divisor = this.state.divisor) {
    const state = { rows, divisor }
    if (same(state, this.state)) {
      this.say("")
      return this.show()
    }
    checkLargest(state, this.data.largest)
    this.history.add(state)
    this.depart()
  }

  depart() {
    this.say("")
    this.show()
    this.sent = Date.now() * 1000 + (this.turn++ % 1000)
    this.send({ matrix: this.state.rows, divisor: this.state.divisor, turn: this.sent })
  }

  undo() { if (this.history.undo()) this.depart() }

  redo() { if (this.history.redo()) this.depart() }

  /** Do `read` and return whether the text could be read; if not, say why and change nothing. */
  reading(read) {
    try {
      read()
      return true
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.say(error.message)
      return false
    }
  }

  enter(range, text) {
    const where = `Row ${range.top}, column ${range.left}`
    return this.reading(() => {
      const number = text.trim() ? readNumber(text, where) : 0
      this.change(mapped(this.state.rows, range, () => number))
    })
  }

  text(range) {
    return asTabs(cut(this.state.rows, range))
  }

  clear(range) {
    this.change(mapped(this.state.rows, range, () => 0))
  }

  changeSign() {
    if (this.cells.editing) this.cells.commit()
    this.change(mapped(this.state.rows, this.cells.range, value => -value))
  }

  /** A single number fills the range; several are a new matrix. */
  paste(range, text) {
    this.reading(() => {
      const { rows, divisor } = parseMatrix(text, this.data.highest)
      const quotients = rows.map(row => row.map(value => value / divisor))
      if (rows.length * rows[0].length === 1) this.change(mapped(this.state.rows, range, () => quotients[0][0]))
      else if (this.data.divisor === null) this.change(quotients)
      else this.change(rows, divisor)
    })
  }

  async copy(text) {
    const done = await copy(text)
    this.say(done ? "Copied." : "The browser does not let the page copy: select the cells and press Ctrl+C.")
  }

  resize(axis, side) {
    const { highest } = this.data
    const kept = Math.max(1, Math.min(highest, Math.round(side) || this.cells.size[axis]))
    const size = this.cells.size.with(axis, kept)
    this.change(resized(this.state.rows, ...size))
    if (kept !== side) this.say(`From 1 to ${highest} ${SIDES[axis]}s are possible.`)
  }

  divide(text) {
    const read = this.reading(() => {
      const number = readNumber(text, "The divisor")
      if (number === 0) throw new Unreadable("The divisor is 0, and nothing can be divided by 0.")
      this.change(this.state.rows, number)
    })
    if (!read) this.divisor.value = exactText(this.state.divisor)
  }

  /** Escape in a cell goes on past all the cells. */
  leave() {
    this.sides[0].focus()
  }
}
