// @ts-check
// A question in the making, about the maps at hand.

import { make, makeButton, setAttributes } from "../core/dom.js"
import { shownBoards } from "../maps/board.js"
import { titleOf } from "./answering.js"

/** @import { Board } from "../maps/board.js" */
/** @typedef {"number" | "point" | "choose" | "draw"} Kind */

/** @type {Record<Kind, [title: string, text: string]>} */
const KINDS = {
  number: ["A number", "What will this cell be? Point at a cell of a map; click to keep it."],
  point: ["A place", "Where will the answer be strongest? The class taps the picture."],
  choose: ["A choice", "Two to five answers; mark the right one, if there is one."],
  draw: ["A kernel", "The class draws a kernel of 3 × 3; all answers come back with their maps."],
}
const [LONGEST_TEXT, LONGEST_OPTION, MOST_OPTIONS] = [200, 80, 5]
const ANY = "Any kernel: none is wrong"

export class Asking {
  /** @param {(question: object) => void} ask */
  constructor(ask) {
    this.ask = ask
    /** @type {Kind} */
    this.kind = "number"
    /** @type {Board | null} */
    this.held = null
    this.element = make("form", "asking")
    make("h3", "", this.element, "Ask the class")
    const kinds = make("div", "kinds", this.element)
    setAttributes(kinds, { role: "group", "aria-label": "Kind of question" })
    this.buttons = /** @type {Kind[]} */ (Object.keys(KINDS)).map(kind => {
      const button = makeButton(kinds, "kind", KINDS[kind][0], () => this.turn(kind))
      button.dataset.kind = kind
      return button
    })
    this.hint = make("p", "hint", this.element)
    this.text = make("input", "text", this.element)
    setAttributes(this.text, { maxlength: LONGEST_TEXT, "aria-label": "Your words", autocomplete: "off" })
    this.fields = make("div", "fields", this.element)
    this.said = make("p", "said", this.element)
    this.said.setAttribute("role", "alert")
    this.send = make("button", "go", this.element, "Ask")
    this.element.onsubmit = event => {
      event.preventDefault()
      this.pose()
    }
    this.turn("number")
  }

  /** @param {Kind} kind */
  turn(kind) {
    this.kind = kind
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.kind === kind))
    this.hint.textContent = KINDS[kind][1]
    this.text.placeholder = kind === "choose" ? "Your question" : "In your own words, if you like"
    this.said.textContent = ""
    this.fields.replaceChildren()
    if (kind === "choose") for (let i = 0; i < 2; i++) this.option(i)
    if (kind === "choose") this.more()
    if (kind === "point" || kind === "draw") this.maps(kind === "draw")
    if (kind === "number") this.cell = make("p", "cell-in-hand", this.fields)
    this.hold(this.held)
  }

  /**
   * The cell in hand has changed.
   *
   * @param {Board | null} board
   */
  hold(board) {
    this.held = board
    if (this.kind !== "number" || !this.cell) return
    const place = this.place()
    this.cell.textContent = place
      ? `${titleOf(place.board, place.pane)}, row ${place.row}, column ${place.column}`
      : "No cell yet."
  }

  /** The cell that is asked for: the one in hand, or of the picture, the one that is made of it. */
  place() {
    const boards = shownBoards()
    const board = this.held && boards.includes(this.held) ? this.held : boards.find(({ reading }) => reading)
    const { cursor, message, reading } = board ?? {}
    if (!board || !cursor || !message || !reading) return null
    const stage = cursor.stage || 1
    const [row, column] = cursor.stage ? [cursor.row, cursor.column] : reading.cell
    const pane = message.header.panes.findIndex(one => one.stage === stage && (one.chain === null || one.chain === cursor.chain))
    return pane < 0 ? null : { board: board.name, pane, row, column }
  }

  /** Which map a question is about. @param {boolean} any Whether it may be none. */
  maps(any) {
    const select = make("select", "map", this.fields)
    select.setAttribute("aria-label", "Map")
    for (const { message, name } of shownBoards()) {
      message?.header.panes.forEach((pane, i) => {
        if (pane.stage === 0) return
        const option = make("option", "", select, titleOf(name, i))
        option.value = JSON.stringify({ board: name, pane: i })
      })
      if (any) make("option", "", select, ANY).value = JSON.stringify({ board: name, pane: null })
    }
    this.send.disabled = false
    if (!select.options.length) this.said.textContent = "This page has no map to ask about."
  }

  /** @param {number} i */
  option(i) {
    const line = make("label", "option")
    const right = make("input", "", line)
    setAttributes(right, { type: "checkbox", name: "right", "aria-label": `Answer ${i + 1} is right` })
    right.onchange = () => {
      for (const other of this.fields.querySelectorAll("input[type=checkbox]")) {
        if (other !== right && other instanceof HTMLInputElement) other.checked = false
      }
    }
    const text = make("input", "text", line)
    setAttributes(text, { maxlength: LONGEST_OPTION, placeholder: `Answer ${i + 1}`, "aria-label": `Answer ${i + 1}`, autocomplete: "off" })
    this.fields.insertBefore(line, this.fields.querySelector(".more"))
    return text
  }

  more() {
    const button = makeButton(this.fields, "more", "One more answer", () => {
      const count = this.fields.querySelectorAll(".option").length
      this.option(count).focus()
      button.hidden = count + 1 >= MOST_OPTIONS
    })
  }

  pose() {
    const question = this.question()
    if (typeof question === "string") this.said.textContent = question
    else {
      this.said.textContent = ""
      const text = this.text.value.trim()
      this.ask({ kind: this.kind, ...(text ? { text } : {}), ...question })
      this.text.value = ""
    }
  }

  /** What is asked, or why it cannot be. @returns {object | string} */
  question() {
    if (this.kind === "number") return this.place() ?? "Point at a cell of a map first."
    if (this.kind === "choose") return this.choice()
    const select = this.fields.querySelector("select")
    return select?.value ? JSON.parse(select.value) : "This page has no map to ask about."
  }

  choice() {
    const lines = [...this.fields.querySelectorAll(".option")].map(line => {
      const [right, text] = /** @type {NodeListOf<HTMLInputElement>} */ (line.querySelectorAll("input"))
      return { text: text.value.trim(), right: right.checked }
    }).filter(({ text }) => text)
    if (!this.text.value.trim()) return "Write a question."
    if (lines.length < 2) return "Write at least two answers."
    const right = lines.findIndex(line => line.right)
    return { options: lines.map(({ text }) => text), right: right < 0 ? null : right }
  }
}
