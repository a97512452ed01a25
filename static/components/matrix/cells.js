// @ts-check
// The cells of a matrix: a cursor, a range, and a number that is being typed. It shows rows and
// reports what the user wants; matrix.js decides what happens.
//
// A cell is an input, so that a phone opens its keyboard. Before typing, the whole number is selected:
// arrow keys move on, and typing replaces it. `editing` is "typed" after that, when arrow keys still
// leave the cell, or "caret" after F2 or a double click, when they move within its text.

import { make, setAttributes } from "../core/dom.js"
import { rangeOf } from "./edits.js"
import { FAR, key } from "./keys.js"
import { cellText, exactText } from "./text.js"

/** @import { Place, Range, Rows } from "./edits.js" */
/**
 * The callbacks.
 *
 * @typedef {object} Told
 * @property {() => void} show
 * @property {(range: Range, text: string) => boolean} enter Returns whether it was a number.
 * @property {(range: Range) => void} clear
 * @property {(range: Range) => string} text The text to copy.
 * @property {(range: Range, text: string) => void} paste
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} leave
 */

export class Cells {
  /** @param {Told} told */
  constructor(told) {
    this.told = told
    /** @type {Place} */
    this.head = [0, 0] // the cell in hand
    /** @type {Place} */
    this.anchor = [0, 0] // where its range began
    /** @type {"typed" | "caret" | null} */
    this.editing = null
    /** @type {HTMLInputElement[][]} */
    this.inputs = []
    /** @type {WeakMap<HTMLInputElement, string>} */
    this.exact = new WeakMap() // the full number of a cell, for editing
    this.element = make("div", "cells")
    setAttributes(this.element, { role: "grid", "aria-multiselectable": true })
    const { element } = this
    element.onkeydown = event => key(this, event)
    element.onmousedown = event => this.press(event)
    element.onmouseover = event => { if (event.buttons === 1 && !this.editing) this.extend(event) }
    element.ondblclick = event => { if (this.at(event)) this.edit() }
    element.oninput = () => this.typed()
    element.oncopy = event => { this.copied(event) }
    element.oncut = event => { if (this.copied(event)) this.told.clear(this.range) }
    element.onpaste = event => this.pasted(event)
    element.addEventListener("focusin", event => this.entered(event))
    element.addEventListener("focusout", () => this.left())
  }

  get range() { return rangeOf(this.anchor, this.head) }

  get size() { return [this.inputs.length, this.inputs[0]?.length ?? 0] }

  get input() { return this.inputs[this.head[0]]?.[this.head[1]] }

  get focused() {
    const root = /** @type {ShadowRoot} */ (this.element.getRootNode())
    return Boolean(this.input) && root.activeElement === this.input
  }

  /**
   * Show rows of numbers; `colours(value)` are those of a cell.
   *
   * @param {Rows} rows
   * @param {(value: number) => { background: string, color: string }} colours
   */
  show(rows, colours) {
    const had = this.focused
    if (this.size[0] !== rows.length || this.size[1] !== rows[0].length) this.build(rows.length, rows[0].length)
    const longest = rows.flat().reduce((most, value) => Math.max(most, cellText(value).length), 1)
    this.element.style.setProperty("--columns", String(rows[0].length))
    this.element.style.setProperty("--characters", String(longest))
    this.element.classList.toggle("dense", rows.length * rows[0].length > 49)
    rows.forEach((values, row) => values.forEach((value, column) => {
      const input = this.inputs[row][column]
      Object.assign(input.style, colours(value))
      this.exact.set(input, exactText(value))
      if (this.editing && input === this.input) return // keep what is being typed
      const text = cellText(value)
      if (input.value === text) return
      input.value = text
      if (had && input === this.input) input.select()
    }))
    if (had && !this.focused) this.go(...this.head)
    this.mark()
  }

  /**
   * @param {number} height
   * @param {number} width
   */
  build(height, width) {
    this.editing = null
    this.inputs = Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) =>
      this.inputs[row]?.[column] ?? makeCell(row, column)))
    this.element.replaceChildren(...this.inputs.map((inputs, row) => {
      const line = make("div")
      setAttributes(line, { role: "row", "aria-rowindex": row + 1 })
      inputs.forEach((input, column) => {
        const cell = make("div", "", line)
        setAttributes(cell, { role: "gridcell", "aria-colindex": column + 1 })
        cell.append(input)
      })
      return line
    }))
    setAttributes(this.element, { "aria-rowcount": height, "aria-colcount": width })
    this.head = this.inside(this.head)
    this.anchor = this.inside(this.anchor)
  }

  /**
   * @param {Place} place
   * @returns {Place}
   */
  inside([row, column]) {
    const [height, width] = this.size
    return [Math.max(0, Math.min(height - 1, row)), Math.max(0, Math.min(width - 1, column))]
  }

  /**
   * Put the cursor on a cell; `extend` keeps the start of the range.
   *
   * @param {number} row
   * @param {number} column
   */
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
      input.parentElement?.classList.toggle("in-range", several && inRange)
      input.parentElement?.setAttribute("aria-selected", String(inRange))
    }))
    this.element.classList.toggle("editing", Boolean(this.editing))
  }

  /**
   * @param {Event} event
   * @returns {Place | null}
   */
  at(event) {
    const { row, column } = /** @type {HTMLElement} */ (event.target).dataset
    return row === undefined ? null : [Number(row), Number(column)]
  }

  /** @param {Event} event */
  entered(event) {
    const place = this.at(event)
    if (!place || `${place}` === `${this.head}`) return this.mark()
    this.go(...place)
  }

  left() {
    if (this.editing && !this.commit()) this.cancel()
  }

  /** @param {MouseEvent} event */
  press(event) {
    const place = this.at(event)
    if (!place || (this.editing && event.target === this.input)) return
    event.preventDefault() // no caret until a double click or F2
    if (!this.editing || this.commit()) this.go(...place, event.shiftKey)
  }

  /** @param {MouseEvent} event */
  extend(event) {
    const place = this.at(event)
    if (place && this.focused) this.go(...place, true)
  }

  edit() {
    this.editing = "caret"
    this.input.value = this.exact.get(this.input) ?? ""
    this.input.setSelectionRange(this.input.value.length, this.input.value.length)
    this.mark()
  }

  typed() {
    this.editing ??= "typed"
    this.anchor = this.head
    this.input.removeAttribute("aria-invalid")
    this.mark()
  }

  /** Accept what was typed; returns whether it was a number. */
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

  all() {
    this.anchor = [0, 0]
    this.go(FAR, FAR, true)
  }

  escape() {
    if (`${this.anchor}` === `${this.head}`) this.told.leave()
    else this.go(...this.head)
  }

  /**
   * Copy the range and return whether it was copied; while a number is being typed, the browser copies its text.
   *
   * @param {ClipboardEvent} event
   */
  copied(event) {
    if (this.editing || !event.clipboardData) return false
    event.preventDefault()
    event.clipboardData.setData("text/plain", this.told.text(this.range))
    return true
  }

  /** @param {ClipboardEvent} event */
  pasted(event) {
    event.stopPropagation()
    const text = event.clipboardData?.getData("text/plain")
    if (!text || (this.editing && /^\S*$/.test(text))) return
    event.preventDefault()
    this.told.paste(this.range, text)
  }
}

/**
 * @param {number} row
 * @param {number} column
 */
function makeCell(row, column) {
  const input = make("input")
  setAttributes(input, {
    type: "text", inputmode: "decimal", enterkeyhint: "next", autocomplete: "off", spellcheck: "false",
    "data-row": row, "data-column": column, "aria-label": `row ${row}, column ${column}`,
  })
  return input
}
