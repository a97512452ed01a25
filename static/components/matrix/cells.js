// The cells of a matrix: a cursor, a range, and a number that is being typed. It shows rows and
// reports what the person wants; what becomes of it is decided in matrix.js.
//
// A cell is an input, so that a phone brings its keyboard. With nothing typed the whole number is
// selected: arrows move, and typing replaces it. `editing` is "typed" after that, when arrows
// still leave the cell, or "caret" after F2 or a double click, when they move within its text.

import { rangeOf } from "./edits.js"
import { cellText, exactText } from "./text.js"

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
const FAR = 1000 // more than any side: clamped to the last row or column

const make = (tag, attributes) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

export class Cells {
  /**
   * `told` is called back: show(), enter(range, text) → whether it was a number, clear(range),
   * text(range) → what is copied, paste(range, text), undo(), redo(), leave().
   */
  constructor(told) {
    this.told = told
    this.head = [0, 0] // the cell in hand
    this.anchor = [0, 0] // where its range began
    this.editing = null
    this.inputs = []
    const on = (name, handler) => { this.element[`on${name}`] = handler }
    this.element = make("div", { class: "cells", role: "grid", "aria-multiselectable": "true" })
    on("keydown", event => this.key(event))
    on("mousedown", event => this.press(event))
    on("mouseover", event => { if (event.buttons === 1 && !this.editing) this.extend(event) })
    on("dblclick", event => { if (this.at(event)) this.edit() })
    on("input", () => this.typed())
    on("copy", event => this.copied(event))
    on("cut", event => { if (this.copied(event)) this.told.clear(this.range) })
    on("paste", event => this.pasted(event))
    this.element.addEventListener("focusin", event => this.entered(event))
    this.element.addEventListener("focusout", () => this.left())
  }

  get range() { return rangeOf(this.anchor, this.head) }

  get size() { return [this.inputs.length, this.inputs[0]?.length ?? 0] }

  get input() { return this.inputs[this.head[0]]?.[this.head[1]] }

  get focused() {
    return Boolean(this.input) && this.element.getRootNode().activeElement === this.input
  }

  /** Show rows of numbers; `colours(value)` are the { background, color } of a cell. */
  show(rows, colours) {
    const had = this.focused
    if (this.size[0] !== rows.length || this.size[1] !== rows[0].length) this.build(rows.length, rows[0].length)
    const longest = rows.flat().reduce((most, value) => Math.max(most, cellText(value).length), 1)
    this.element.style.setProperty("--columns", rows[0].length)
    this.element.style.setProperty("--characters", longest)
    this.element.classList.toggle("dense", rows.length * rows[0].length > 49)
    rows.forEach((values, row) => values.forEach((value, column) => {
      const input = this.inputs[row][column]
      Object.assign(input.style, colours(value))
      input.exact = exactText(value)
      if (this.editing && input === this.input) return // what is being typed stays
      const text = cellText(value)
      if (input.value === text) return
      input.value = text
      if (had && input === this.input) input.select()
    }))
    if (had && !this.focused) this.go(...this.head)
    this.mark()
  }

  build(height, width) {
    this.editing = null
    this.inputs = Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) =>
      this.inputs[row]?.[column] ?? make("input", {
        type: "text", inputmode: "decimal", enterkeyhint: "next", autocomplete: "off", spellcheck: "false",
        "data-row": row, "data-column": column, "aria-label": `row ${row}, column ${column}`,
      })))
    this.element.replaceChildren(...this.inputs.map((inputs, row) => {
      const line = make("div", { role: "row", "aria-rowindex": row + 1 })
      line.append(...inputs.map((input, column) => {
        const cell = make("div", { role: "gridcell", "aria-colindex": column + 1 })
        cell.append(input)
        return cell
      }))
      return line
    }))
    this.element.setAttribute("aria-rowcount", height)
    this.element.setAttribute("aria-colcount", width)
    this.head = this.inside(this.head)
    this.anchor = this.inside(this.anchor)
  }

  inside(place) {
    return place.map((index, axis) => Math.max(0, Math.min(this.size[axis] - 1, index)))
  }

  /** Put the cursor on a cell; `extend` keeps the range's beginning. */
  go(row, column, extend = false) {
    this.head = this.inside([row, column])
    if (!extend) this.anchor = this.head
    this.input.focus()
    this.input.select()
    this.mark()
  }

  mark() {
    const { top, left, bottom, right } = this.range
    const several = top !== bottom || left !== right
    this.inputs.forEach((inputs, row) => inputs.forEach((input, column) => {
      const inRange = row >= top && row <= bottom && column >= left && column <= right
      input.parentElement.classList.toggle("in-range", several && inRange)
      input.parentElement.setAttribute("aria-selected", inRange)
    }))
    this.element.classList.toggle("editing", Boolean(this.editing))
  }

  at(event) {
    const { row, column } = event.target.dataset
    return row === undefined ? null : [Number(row), Number(column)]
  }

  entered(event) {
    const place = this.at(event)
    if (!place || `${place}` === `${this.head}`) return this.mark()
    this.go(...place)
  }

  left() {
    if (this.editing && !this.commit()) this.cancel()
  }

  press(event) {
    const place = this.at(event)
    if (!place || (this.editing && event.target === this.input)) return
    event.preventDefault() // the caret stays away until it is asked for
    if (!this.editing || this.commit()) this.go(...place, event.shiftKey)
  }

  extend(event) {
    const place = this.at(event)
    if (place && this.focused) this.go(...place, true)
  }

  edit() {
    this.editing = "caret"
    this.input.value = this.input.exact
    this.input.setSelectionRange(this.input.value.length, this.input.value.length)
    this.mark()
  }

  typed() {
    this.editing ??= "typed"
    this.anchor = this.head
    this.input.removeAttribute("aria-invalid")
    this.mark()
  }

  /** Take over what was typed; whether it was a number. */
  commit() {
    const was = this.editing
    this.editing = null
    if (this.told.enter(this.range, this.input.value)) {
      this.input.removeAttribute("aria-invalid")
      return true
    }
    this.editing = was
    this.input.setAttribute("aria-invalid", "true")
    return false
  }

  cancel() {
    this.editing = null
    this.input.removeAttribute("aria-invalid")
    this.told.show()
    if (this.focused) this.input.select()
  }

  key(event) {
    // Streamlit has keys of its own; none of them is meant while a cell has the focus.
    event.stopPropagation()
    if (event.isComposing) return
    const done = this.editing ? this.keyEditing(event) : this.keyReady(event)
    if (done) event.preventDefault()
  }

  /** Whether the key was used; while a number is being typed. */
  keyEditing({ key, shiftKey, ctrlKey, metaKey }) {
    const [row, column] = this.head
    if (key === "Tab") return !this.commit() // the browser goes on to the next cell
    if (key === "Escape") this.cancel()
    else if (key === "Enter") { if (this.commit()) this.go(row + (shiftKey ? -1 : 1), column) }
    else if (ARROWS[key] && this.editing === "typed" && !(shiftKey || ctrlKey || metaKey)) {
      if (this.commit()) this.go(row + ARROWS[key][0], column + ARROWS[key][1])
    } else if (key === "F2") this.editing = "caret"
    else return false
    return true
  }

  /** Whether the key was used; with the cursor on a cell. */
  keyReady({ key, shiftKey, ctrlKey, metaKey }) {
    const [row, column] = this.head
    const command = ctrlKey || metaKey
    const letter = command ? key.toLowerCase() : ""
    const step = command ? FAR : 1
    if (ARROWS[key]) this.go(row + step * ARROWS[key][0], column + step * ARROWS[key][1], shiftKey)
    else if (key === "Home") this.go(command ? 0 : row, 0, shiftKey)
    else if (key === "End") this.go(command ? FAR : row, FAR, shiftKey)
    else if (key === "Enter") this.go(row + (shiftKey ? -1 : 1), column)
    else if (key === "F2") this.edit()
    else if (key === "Delete" || key === "Backspace") this.told.clear(this.range)
    else if (key === "Escape") this.escape()
    else if (letter === "a") this.all()
    else if (letter === "y" || (letter === "z" && shiftKey)) this.told.redo()
    else if (letter === "z") this.told.undo()
    else return false
    return true
  }

  all() {
    this.anchor = [0, 0]
    this.go(FAR, FAR, true)
  }

  escape() {
    if (`${this.anchor}` === `${this.head}`) this.told.leave()
    else this.go(...this.head)
  }

  /** Whether the range was copied; while a number is being typed, the browser copies its text. */
  copied(event) {
    if (this.editing) return false
    event.preventDefault()
    event.clipboardData.setData("text/plain", this.told.text(this.range))
    return true
  }

  pasted(event) {
    event.stopPropagation()
    const text = event.clipboardData.getData("text/plain")
    if (!text || (this.editing && /^\S*$/.test(text))) return
    event.preventDefault()
    this.told.paste(this.range, text)
  }
}
