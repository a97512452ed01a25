// @ts-check
// A grid of numbers, coloured by value; its cells are made once and refilled.

import { make } from "./dom.js"

/** @typedef {{ text: string, background?: string, color?: string, kind?: string, title?: string }} Cell */

const LONG = 6 // characters: longer numbers are written smaller, so that three grids fit side by side

export class Grid {
  /** @param {string} label */
  constructor(label) {
    this.element = make("div", "block")
    this.label = make("div", "label", this.element, label)
    this.cells = make("div", "grid", this.element)
    this.cells.onpointerover = event => this.over(/** @type {Element} */ (event.target))
    this.cells.onpointerleave = () => this.over(null)
    this.columns = 1
    /** Called with the cell under the pointer, as [row, column]; with null when the pointer leaves.
     * @type {((place: [number, number] | null) => void) | null} */
    this.onCell = null
  }

  /** @param {Element | null} target */
  over(target) {
    const index = target ? [...this.cells.children].indexOf(target) : -1
    this.onCell?.(index < 0 ? null : [Math.floor(index / this.columns), index % this.columns])
  }

  /**
   * Fill with rows × columns cells.
   *
   * @param {number} rows
   * @param {number} columns
   * @param {Cell[]} cells
   */
  fill(rows, columns, cells) {
    this.columns = columns
    const { children } = this.cells
    while (children.length > cells.length) this.cells.lastElementChild?.remove()
    while (children.length < cells.length) make("span", "cell", this.cells)
    this.cells.style.gridTemplateColumns = `repeat(${columns}, auto)`
    cells.forEach(({ text, background = "", color = "", kind = "", title = "" }, i) => {
      const cell = /** @type {HTMLElement} */ (children[i])
      if (cell.textContent !== text) cell.textContent = text
      cell.style.background = background
      cell.style.color = color
      cell.className = `cell ${kind}`
      cell.title = title
    })
    const longest = Math.max(...cells.map(cell => cell.text.length))
    const width = Math.max(2.4, 0.62 * longest + 0.7)
    this.cells.style.setProperty("--width", `${width}em`)
    this.cells.style.setProperty("--letters", String(width)) // the same without its unit, as a divisor
    this.cells.style.setProperty("--columns", String(columns))
    this.cells.classList.toggle("dense", cells.length > 49)
    this.cells.classList.toggle("fine", columns > 1 && longest > LONG)
  }
}
