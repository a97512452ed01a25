// @ts-check
// Predict first: the answer of a cell stays hidden until it is typed or asked for.

import { make, makeButton } from "../core/dom.js"
import { short, typed } from "../core/numbers.js"

/** @import { Board } from "./board.js" */
/** @import { Reading } from "./reading.js" */

export class Quiz {
  /**
   * @param {HTMLElement} parent
   * @param {Board} board
   */
  constructor(parent, board) {
    this.board = board
    this.form = make("form", "quiz", parent)
    const label = make("label", "label", this.form, "What comes out?")
    this.answer = make("input", "answer", this.form)
    this.answer.inputMode = "decimal"
    this.answer.autocomplete = "off"
    this.answer.id = label.htmlFor = "answer"
    make("button", "pill", this.form, "Check")
    this.right = 0 // the answer
    makeButton(this.form, "pill", "Show", () => this.reveal(`It is ${short(this.right)}.`))
    this.key = ""
    this.said = make("p", "said", parent)
    this.said.setAttribute("role", "status")
    this.form.onsubmit = event => {
      event.preventDefault()
      this.check()
    }
  }

  /**
   * Ask about the cell of a reading; returns whether its answer is still hidden.
   *
   * @param {Reading} reading
   * @param {boolean} hidden
   */
  show(reading, hidden) {
    const key = String([this.board.cursor?.chain, ...reading.cell])
    if (key !== this.key) {
      this.answer.value = ""
      this.said.textContent = ""
    }
    this.key = key
    this.right = reading.features
    this.form.hidden = !hidden
    this.said.hidden = !this.board.message?.header.predict
    return hidden
  }

  check() {
    const number = typed(this.answer.value)
    const { right } = this
    if (Number.isNaN(number)) {
      this.said.textContent = "Type a number, such as 12 or −3.5."
    } else if (short(number, 3) === short(right, 3)) {
      this.reveal(`Right: ${short(right)}.`)
    } else {
      this.said.textContent = `Not yet: ${short(number)} is too ${number < right ? "small" : "large"}. Add up the products.`
    }
  }

  /** @param {string} sentence */
  reveal(sentence) {
    this.board.reveal()
    this.said.textContent = sentence
  }
}
