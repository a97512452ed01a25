// @ts-check
// An editable grid of numbers. A committed number is shown at once and sent with a `turn`; the
// server answers with the turn it has seen, so that an older answer never undoes a newer number.
// Pasted text goes to the server, which reads it, or says why it cannot.

import { copy } from "../core/clipboard.js"
import { ink, isDark, palette } from "../core/colour.js"
import { describe, enable, find, make, makeButton, setAttributes } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { nextTurn } from "../core/one-in-flight.js"
import { hand } from "../live/hand.js"
import { Cells } from "./cells.js"
import { History, cut, level, mapped, resized, same } from "./edits.js"
import { Unreadable, asLink, asNumpy, asTabs, checkLargest, exactText, readNumber } from "./text.js"

/** @import { Component } from "../core/component.js" */
/** @import { Range, Rows } from "./edits.js" */
/**
 * @typedef {object} Data
 * @property {string} key The key of the setting.
 * @property {string} label
 * @property {string | null} help
 * @property {Rows} rows
 * @property {number | null} divisor Of a kernel; an input has none.
 * @property {number} highest The most rows, and columns.
 * @property {number} largest The largest number that can be used.
 * @property {number} longest The most characters that can be pasted.
 * @property {number | null} low The number shown in black; null for the colours of a kernel.
 * @property {number | null} high
 * @property {{ light: string, dark: string }} table The colours of each theme, in base64.
 * @property {number} turn The last turn that the server has seen.
 * @property {string} unread Why the text pasted in that turn could not be read; empty if it could.
 */
/** @typedef {{ matrix: Rows, divisor: number, turn: number, pasted?: string, range?: number[] }} Sent */

const LOST = 10_000 // ms to wait for an answer
const SIDES = ["row", "column"]

const mounts = new Mounts(root => new Matrix(find(root, ".matrix")))

export const isThemed = true

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setStateValue }) {
  const matrix = mounts.of(parentElement)
  matrix.send = state => setStateValue("edited", state)
  matrix.take(data)
}

class Matrix {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.sent = 0 // the turn of the last state sent
    this.pasted = 0 // the turn of the last paste, until it is answered
    /** @type {Data} */
    this.data
    /** @type {History} */
    this.history
    /** @type {(state: Sent) => void} */
    this.send = () => {}
    this.table = new Uint32Array()
    const head = make("div", "line", root)
    this.label = make("span", "label", head)
    this.undoButton = tool(head, "↶", "Undo (Ctrl+Z)", () => this.undo())
    this.redoButton = tool(head, "↷", "Redo (Ctrl+Shift+Z)", () => this.redo())
    tool(head, "±", "Change the sign", () => this.changeSign()).classList.add("touch-only")
    tool(head, "Copy", "Copy as rows for a spreadsheet", () => this.copy(asTabs(this.state.rows)))
    tool(head, "NumPy", "Copy as a line of NumPy", () => this.copy(asNumpy(this.state.rows, this.state.divisor)))
    this.cells = new Cells(this)
    make("div", "frame", root).append(this.cells.element)
    const foot = make("div", "line", root)
    this.sides = SIDES.map((side, axis) => {
      if (axis) make("span", "between", foot, "×")
      return this.stepper(foot, side, axis)
    })
    this.division = make("label", "division", foot, "÷")
    this.divisor = field(this.division, "divisor", text => this.divide(text))
    this.divisor.inputMode = "decimal"
    this.said = make("p", "said", root)
    this.said.setAttribute("role", "status")
  }

  get state() { return this.history.state }

  /**
   * − 3 + for the rows or the columns.
   *
   * @param {HTMLElement} parent
   * @param {string} side
   * @param {number} axis
   */
  stepper(parent, side, axis) {
    const group = make("span", "stepper", parent)
    setAttributes(group, { role: "group", "aria-label": `${side}s` })
    const by = (/** @type {number} */ step) => this.resize(axis, this.cells.size[axis] + step)
    tool(group, "−", `One ${side} fewer`, () => by(-1))
    const count = field(group, `${side}s`, text => this.resize(axis, Number(text)))
    count.inputMode = "numeric"
    tool(group, "+", `One ${side} more`, () => by(1))
    return count
  }

  /**
   * Take data from the server, including the value if the server has seen our latest one.
   *
   * @param {Data} data
   */
  take(data) {
    this.data = data
    const table = atob(data.table[isDark(this.cells.element) ? "dark" : "light"])
    this.table = palette(Uint8Array.from(table, character => character.charCodeAt(0)))
    this.label.textContent = data.label
    this.label.title = data.help ?? ""
    this.cells.element.setAttribute("aria-label", data.label)
    this.division.hidden = data.divisor === null
    const value = { rows: data.rows, divisor: data.divisor ?? 1 }
    const answered = data.turn >= this.sent || Date.now() - this.sent / 1000 > LOST
    if (answered) hand.answered(data.key)
    if (!this.history) this.history = new History(value)
    else if (answered && !same(value, this.state)) this.history.add(value)
    if (this.pasted && data.turn >= this.pasted) {
      this.say(data.turn === this.pasted ? data.unread : "")
      this.pasted = 0
    }
    this.show()
  }

  show() {
    const { rows, divisor } = this.state
    const { low, high } = this.data
    const most = Math.max(...rows.flat().map(Math.abs)) || 1
    const [from, to] = low === null || high === null ? [-most, most] : [low, high]
    this.cells.show(rows, value => ink(this.table[level(value, from, to)]))
    this.sides.forEach((field, axis) => { field.value = String(this.cells.size[axis]) })
    this.divisor.value = exactText(divisor)
    enable(this.undoButton, this.history.past.length > 0)
    enable(this.redoButton, this.history.future.length > 0)
  }

  /** @param {string} sentence */
  say(sentence) {
    this.said.textContent = sentence
  }

  /**
   * Take a change by the user: keep it, show it, send it; throws Unreadable.
   *
   * @param {Rows} rows
   */
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

  /** @param {Partial<Sent>} [more] */
  depart(more = {}) {
    this.say("")
    this.show()
    this.sent = nextTurn()
    this.pasted = 0
    const { rows, divisor } = this.state
    if (!more.pasted && hand.covers(this.data.key)) hand.move(this.data.key, asLink(rows, divisor))
    this.send({ matrix: rows, divisor, turn: this.sent, ...more })
  }

  undo() { if (this.history.undo()) this.depart() }

  redo() { if (this.history.redo()) this.depart() }

  /**
   * Run `read` and return whether the text could be read; if not, say why and change nothing.
   *
   * @param {() => void} read
   */
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

  /**
   * @param {Range} range
   * @param {string} text
   */
  enter(range, text) {
    const where = `Row ${range.top}, column ${range.left}`
    return this.reading(() => {
      const number = text.trim() ? readNumber(text, where) : 0
      this.change(mapped(this.state.rows, range, () => number))
    })
  }

  /** @param {Range} range */
  text(range) {
    return asTabs(cut(this.state.rows, range))
  }

  /** @param {Range} range */
  clear(range) {
    this.change(mapped(this.state.rows, range, () => 0))
  }

  changeSign() {
    if (this.cells.editing) this.cells.commit()
    this.change(mapped(this.state.rows, this.cells.range, value => -value))
  }

  /**
   * Let the server read a pasted text: a single number fills the range; several are a new matrix.
   *
   * @param {Range} range
   * @param {string} text
   */
  paste({ top, left, bottom, right }, text) {
    const { longest } = this.data
    if (text.length > longest) {
      return this.say(`The text has ${text.length} characters; at most ${longest} are read.`)
    }
    this.depart({ pasted: text, range: [top, left, bottom, right] })
    this.pasted = this.sent
  }

  /** @param {string} text */
  async copy(text) {
    const done = await copy(text)
    this.say(done ? "Copied." : "The browser does not allow the page to copy: select the cells and press Ctrl+C.")
  }

  /**
   * @param {number} axis
   * @param {number} side
   */
  resize(axis, side) {
    const { highest, divisor } = this.data
    if (!Number.isInteger(side) || side < 1 || side > highest) {
      this.show() // put the current size back
      const whole = Number.isFinite(side) && !Number.isInteger(side) ? ", in whole numbers" : ""
      return this.say(`From 1 to ${highest} ${SIDES[axis]}s are possible${whole}.`)
    }
    const [height, width] = this.cells.size
    this.change(resized(this.state.rows, axis ? height : side, axis ? side : width, divisor !== null))
  }

  /** @param {string} text */
  divide(text) {
    const read = this.reading(() => {
      const number = readNumber(text, "The divisor")
      if (number === 0) throw new Unreadable("The divisor is 0, and nothing can be divided by 0.")
      this.change(this.state.rows, number)
    })
    if (!read) this.divisor.value = exactText(this.state.divisor)
  }

  /** Escape in a cell moves the focus past all cells. */
  leave() {
    this.sides[0].focus()
  }
}

/**
 * A button that leaves the focus in the cell, and with it a phone's keyboard open.
 *
 * @param {HTMLElement} parent
 * @param {string} text
 * @param {string} label
 * @param {() => void} act
 */
function tool(parent, text, label, act) {
  const button = makeButton(parent, "tool", text, act, label)
  button.onmousedown = event => event.preventDefault()
  return button
}

/**
 * @param {HTMLElement} parent
 * @param {string} label
 * @param {(text: string) => void} changed
 */
function field(parent, label, changed) {
  const input = make("input", "field", parent)
  describe(input, label)
  input.onkeydown = event => event.stopPropagation()
  input.onchange = () => changed(input.value)
  return input
}
