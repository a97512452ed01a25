// The weights of one filter, as numbers in the colours of its map; beside the maps of an overview.

import { ink } from "../core/colour.js"
import { Grid } from "../core/grid.js"
import { short } from "../core/numbers.js"

const NUMBERS_UP_TO = 5 // cells a side; more are shown as colours

export class Filter {
  constructor(parent) {
    this.grid = new Grid("")
    this.element = parent.appendChild(this.grid.element)
    this.element.classList.add("filter")
  }

  /** Show filter `channel` of a strip, or nothing without one; the weight in hand is marked. */
  show(strip, { channel = 0, row = -1, column = -1 } = {}, { exact, levels, colours } = {}) {
    this.element.hidden = !strip
    if (!strip) return
    const [, rows, columns] = strip.shape
    const tiny = Math.max(rows, columns) > NUMBERS_UP_TO
    const from = channel * rows * columns
    this.grid.label.textContent = row < 0 ? `${strip.title} · filter ${channel}` : `Filter ${channel}`
    this.grid.fill(rows, columns, Array.from({ length: rows * columns }, (_, i) => ({
      text: tiny ? "" : short(exact[from + i], 2),
      title: short(exact[from + i], 6),
      kind: i === row * columns + column && row >= 0 ? "here" : "",
      ...ink(colours[levels[from + i]]),
    })))
    this.grid.cells.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`
  }
}
