// @ts-check
// A confusion matrix: counts, with the truth by row and the answer by column.
// A click, or Enter, chooses a cell; arrow keys go from cell to cell.

import { arrow, find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"

/** @import { Component } from "../core/component.js" */
/** @typedef {[row: number, column: number]} Place */
/** @typedef {{ classes: string[], counts: number[][], chosen: Place | null }} Data */

const mounts = new Mounts(root => new Confusion(find(root, ".confusion")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const confusion = mounts.of(parentElement)
  confusion.choose = cell => setTriggerValue("chosen", cell)
  confusion.show(data)
}

/**
 * How dark a count is drawn: the square root of its share of the row, so that single cases are
 * visible.
 *
 * @param {number} count
 * @param {number[]} row
 */
const shade = (count, row) => Math.sqrt(count / (row.reduce((sum, other) => sum + other, 0) || 1))

class Confusion {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    this.names = ""
    this.chosen = ""
    /** @type {Place} */
    this.at = [0, 0] // the cell that has the keyboard focus
    /** @type {(cell: string) => void} */
    this.choose = () => {}
    this.table = make("table")
    /** @type {HTMLButtonElement[][]} */
    this.buttons = []
  }

  /** @param {Data} data */
  show({ classes, counts, chosen }) {
    if (this.names !== classes.join()) this.build(classes)
    this.names = classes.join()
    if (chosen && String(chosen) !== this.chosen) this.at = chosen
    this.chosen = String(chosen)
    const right = counts.reduce((sum, row, i) => sum + row[i], 0)
    this.table.setAttribute("aria-label", `Confusion table: ${right} right ${right === 1 ? "answer" : "answers"}`)
    counts.forEach((row, i) => row.forEach((count, j) => {
      const button = this.buttons[i][j]
      const share = shade(count, row)
      button.textContent = count ? String(count) : ""
      button.style.setProperty("--share", `${Math.round(100 * share)}%`)
      button.classList.toggle("dark", share > 0.55)
      button.setAttribute("aria-label", `${count} ${count === 1 ? "time" : "times"} ${classes[j]} for ${classes[i]}`)
      button.setAttribute("aria-pressed", String(String([i, j]) === this.chosen))
      button.tabIndex = String([i, j]) === String(this.at) ? 0 : -1
    }))
  }

  /** @param {string[]} classes */
  build(classes) {
    this.root.replaceChildren()
    this.at = [0, 0]
    this.table = make("table", "", this.root)
    this.table.onkeydown = event => this.key(event)
    const head = make("tr", "", this.table)
    make("th", "corner", head, "true ↓  predicted →")
    classes.forEach(name => { make("th", "", head, name).scope = "col" })
    this.buttons = classes.map((name, i) => {
      const row = make("tr", "", this.table)
      make("th", "", row, name).scope = "row"
      return classes.map((_, j) =>
        makeButton(make("td", "", row), i === j ? "right" : "wrong", "", () => this.pick(i, j)))
    })
  }

  /**
   * @param {number} i
   * @param {number} j
   */
  pick(i, j) {
    this.at = [i, j]
    this.choose(`${i},${j}`)
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const towards = arrow(event.key)
    if (!towards) return
    event.preventDefault()
    const last = this.buttons.length - 1
    const inside = (/** @type {number} */ place) => Math.min(last, Math.max(0, place))
    this.buttons[this.at[0]][this.at[1]].tabIndex = -1
    this.at = [inside(this.at[0] + towards[0]), inside(this.at[1] + towards[1])]
    const button = this.buttons[this.at[0]][this.at[1]]
    button.tabIndex = 0
    button.focus()
  }
}
