// @ts-check
// The form in which a teacher composes a question about the maps on the page.

import { make, makeButton, setAttributes } from "../core/dom.js"
import { onPainted } from "../core/painted.js"
import { shownBoards } from "../maps/boards.js"
import { anyKernels, cellInHand, chosenCell, mark, shownMaps } from "./askable.js"
import { choicesIn, offerChoices, writtenIn } from "./choices.js"
import { DRAFT, kept, keepWord } from "./lead-memory.js"

/** @import { Board } from "../maps/board.js" */
/** @import { Place, Shown } from "./askable.js" */
/** @import { Option } from "./choices.js" */
/** @typedef {"number" | "point" | "choose" | "draw"} Kind */

/** @type {Record<Kind, [title: string, text: string]>} */
const KINDS = {
  number: ["A number", "What will this cell be? Click a cell of a map, or say which."],
  point: ["A place", "Where will a map be strongest? The class taps the picture."],
  choose: ["A choice", "Two to five answers; mark the right one, if there is one."],
  draw: ["A kernel", "The class makes a 3 × 3 kernel; every answer is shown with its map."],
}
const LONGEST = 200 // characters of a question
const NO_MAP = "This page has no map to ask about: open a page with maps, or ask a choice."
const NO_PICTURE = "No map here comes from a picture that the class could tap: ask for a number or a choice."
const NO_KERNEL = "No map here is made from a picture by a single kernel: ask for a kernel in the Lab."
const LOST = "Not sent: ask again when the connection is back."
const WITH_IT = "The question was lost with the connection: ask again."
/** @type {["channel" | "row" | "column", string][]} */
const NUMBERS = [["channel", "Number of the map"], ["row", "Row"], ["column", "Column"]]

export class Asking {
  /** @param {(question: object) => boolean} ask Returns whether the question could be sent. */
  constructor(ask) {
    this.ask = ask
    this.isSent = false // the question was sent, and the server has not answered yet
    /** @type {Kind} */
    this.kind = "number"
    /** @type {Board | null} */
    this.held = null
    this.element = make("form", "asking")
    make("h3", "", this.element, "Ask the class")
    const kinds = make("div", "kinds", this.element)
    setAttributes(kinds, { role: "group", "aria-label": "Kind of question" })
    this.buttons = /** @type {Kind[]} */ (Object.keys(KINDS)).map(kind => {
      const button = makeButton(kinds, "kind", KINDS[kind][0], () => {
        this.turn(kind)
        this.keep()
      })
      button.dataset.kind = kind
      return button
    })
    this.hint = make("p", "hint", this.element)
    this.text = make("input", "text", this.element)
    setAttributes(this.text, { maxlength: LONGEST, "aria-label": "Your words", autocomplete: "off" })
    this.fields = make("div", "fields", this.element)
    this.said = make("p", "said", this.element)
    this.said.setAttribute("role", "alert")
    this.send = make("button", "go", this.element, "Ask")
    /** @type {HTMLSelectElement | null} */
    this.map = null
    /** @type {Shown[]} */
    this.maps = []
    this.chosen = "" // the chosen cell of an overview that the fields show
    this.inHand = "" // the cell in hand of a board that the fields show
    /** @type {Partial<Record<"channel" | "row" | "column", HTMLInputElement>>} */
    this.numbers = {}
    this.leave = onPainted(() => this.follow())
    this.element.onsubmit = event => {
      event.preventDefault()
      this.pose()
    }
    this.element.oninput = () => this.keep()
    const { kind = "number", options = [], text = "" } = JSON.parse(kept(DRAFT) || "{}")
    this.text.value = text
    this.turn(kind, options)
  }

  /** Keep what is typed: a screen that is shown, or a reload, makes the form anew. */
  keep() {
    const { fields, kind, text } = this
    keepWord(DRAFT, JSON.stringify({ kind, text: text.value, options: writtenIn(fields) }))
  }

  /**
   * @param {Kind} kind
   * @param {Option[]} [options] What has been typed of a choice.
   */
  turn(kind, options = []) {
    this.kind = kind
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.kind === kind))
    this.hint.textContent = KINDS[kind][1]
    this.text.placeholder = kind === "choose" ? "Your question" : "In your own words, if you like"
    this.said.textContent = ""
    this.fields.replaceChildren()
    this.map = null
    if (kind === "choose") offerChoices(this.fields, options)
    else this.offer()
    this.chosen = this.inHand = ""
    this.hold(this.held)
    this.follow()
  }

  /**
   * Another cell may be in hand. If it is still the same one, keep what was typed: this is also called
   * when a board is merely painted again.
   *
   * @param {Board | null} board
   */
  hold(board) {
    this.held = board
    const place = this.kind === "number" ? this.place() : null
    const inHand = JSON.stringify(place)
    if (!place || inHand === this.inHand) return
    this.inHand = inHand
    this.take(place)
  }

  /** Something was painted: the page may have new maps, or the user may have chosen another cell of a network. */
  follow() {
    if (this.kind === "choose" || !this.element.closest(":popover-open")) return
    if (JSON.stringify(this.offered()) !== JSON.stringify(this.maps)) {
      const typed = this.typed()
      this.offer()
      if (!this.type(typed)) this.chosen = this.inHand = ""
      this.hold(this.held)
    }
    const cell = chosenCell()
    const chosen = JSON.stringify(cell)
    if (!cell || chosen === this.chosen) return
    this.chosen = chosen
    this.take(cell)
  }

  /** The contents of the number fields, and the map they belong to. */
  typed() {
    const { board, pane } = this.maps[Number(this.map?.value)] ?? {}
    return { board, pane, values: Object.entries(this.numbers).map(([name, field]) => [name, field?.value ?? ""]) }
  }

  /**
   * Restore the contents of the number fields; false if another map is chosen now.
   *
   * @param {ReturnType<Asking["typed"]>} typed
   */
  type({ board, pane, values }) {
    const shown = this.maps[Number(this.map?.value)]
    if (shown?.board !== board || shown?.pane !== pane) return false
    for (const [name, value] of values) {
      const field = this.numbers[/** @type {"channel" | "row" | "column"} */ (name)]
      if (field) field.value = value
    }
    return true
  }

  /**
   * The cell asked about: the one in hand or, if that is in the picture, the one computed from it.
   *
   * @returns {Place | null}
   */
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

  /** Which maps the question may be about. */
  offered() {
    const maps = shownMaps()
    if (this.kind === "draw") return maps.filter(({ drawn }) => drawn)
    return this.kind === "point" ? maps.filter(({ tapped }) => tapped) : maps
  }

  /** Why no question can be asked. */
  without() {
    return { draw: NO_KERNEL, point: NO_PICTURE, number: NO_MAP, choose: "" }[this.kind]
  }

  /** Offer the maps of the page and, for a number, their cells. */
  offer() {
    const before = this.map?.value
    this.fields.replaceChildren()
    this.maps = this.offered()
    const select = this.map = make("select", "map", this.fields)
    select.setAttribute("aria-label", "Map")
    this.maps.forEach(({ title }, i) => { make("option", "", select, title).value = String(i) })
    if (this.kind === "draw") {
      for (const [name, text] of anyKernels(this.maps)) make("option", "", select, text).value = name
    }
    if (before !== undefined && [...select.options].some(({ value }) => value === before)) select.value = before
    this.said.textContent = this.maps.length ? "" : this.without()
    select.onchange = () => this.cells()
    this.line = make("div", "place", this.fields)
    this.cells()
  }

  /** Number fields that select the cell of the map, or the map in a row. */
  cells() {
    const { map, line } = this
    if (!map || !line) return
    line.replaceChildren()
    this.numbers = {}
    const shown = this.maps[Number(map.value)]
    if (!shown || this.kind === "draw") return
    const isNumber = this.kind === "number"
    const counts = { channel: shown.channels, row: isNumber ? shown.height : 1, column: isNumber ? shown.width : 1 }
    const inHand = cellInHand(shown)
    for (const [name, label] of NUMBERS) {
      if (counts[name] < 2) continue
      const box = make("label", "", line, label)
      const field = this.numbers[name] = make("input", "", box)
      const most = counts[name] - 1
      const value = name === "channel" ? shown.first : Math.min(inHand?.[name] ?? counts[name] >> 1, most)
      setAttributes(field, { type: "number", min: 0, max: most, step: 1, value, required: "" })
    }
  }

  /**
   * Ask about a cell of a map.
   *
   * @param {Place} place
   */
  take(place) {
    const at = this.maps.findIndex(({ board, pane }) => board === place.board && pane === place.pane)
    if (!this.map || at < 0) return
    if (this.map.value !== String(at)) {
      this.map.value = String(at)
      this.cells()
    }
    for (const [name] of NUMBERS) {
      const field = this.numbers[name]
      if (field && place[name] !== undefined) field.value = String(place[name])
    }
  }

  pose() {
    const question = this.question()
    if (typeof question === "string") this.said.textContent = question
    else {
      const text = this.text.value.trim()
      this.isSent = this.ask({ kind: this.kind, ...(text ? { text } : {}), ...question })
      this.said.textContent = this.isSent ? "" : LOST
      if (this.isSent) this.show(question)
    }
  }

  /** The connection is back. */
  back() {
    if (this.said.textContent === LOST) this.said.textContent = ""
  }

  /** The question is posed; until then, its words are kept. */
  posed() {
    if (this.isSent) this.text.value = ""
    this.isSent = false
    this.keep()
  }

  /** The class has no question, as the server says when the line is back. */
  unposed() {
    if (this.isSent) this.said.textContent = WITH_IT
  }

  /** Show the server's error here if it refuses the question; returns whether it does. @param {string} sentence */
  refused(sentence) {
    const isOurs = this.isSent
    if (isOurs) this.said.textContent = sentence
    this.isSent = false
    return isOurs
  }

  /** Mark the cell that is asked about, on this screen and on those that follow it. @param {object} question */
  show(question) {
    if (this.kind !== "number") return
    const { board, channel, column, pane, row } = /** @type {Place} */ (question)
    if (JSON.stringify(this.place()) !== JSON.stringify({ board, pane, row, column })) mark({ board, channel, column, pane, row })
  }

  /** The question, or the reason why it cannot be asked. @returns {object | string} */
  question() {
    if (this.kind === "choose") return this.choice()
    const { kind, map, numbers } = this
    const shown = this.maps[Number(map?.value)]
    if (kind === "draw") return map?.value ? { board: shown?.board ?? map.value, pane: shown?.pane ?? null } : NO_KERNEL
    if (!shown) return this.without()
    const { board, channels, pane } = shown
    const at = (/** @type {"channel" | "row" | "column"} */ name) => Number(numbers[name]?.value ?? 0)
    const which = { board, pane, ...(channels ? { channel: at("channel") } : {}) }
    return kind === "point" ? which : { ...which, row: at("row"), column: at("column") }
  }

  choice() {
    return this.text.value.trim() ? choicesIn(this.fields) : "Write a question."
  }
}
