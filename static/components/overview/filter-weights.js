// @ts-check
// The weights of one filter, as numbers in the colours of its map; beside the maps of an overview.

import { ink } from "../core/colour.js"
import { Grid } from "../core/grid.js"
import { short } from "../core/numbers.js"

/** @import { Cell, LayerRow } from "./layer-row.js" */

const NUMBERS_UP_TO = 5 // cells a side; more are shown as colours
const [FEW, DIGITS] = [3, 2] // up to this many columns, weights are written as elsewhere; with more, with this many digits

export class Filter {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.grid = new Grid("")
    this.element = parent.appendChild(this.grid.element)
    this.element.classList.add("filter")
  }

  hide() {
    this.element.hidden = true
  }

  /**
   * Show the filter with the weight in hand, and mark the weight; if none is in hand, show the first
   * filter.
   *
   * @param {LayerRow} layer
   * @param {Cell | null} cell
   * @param {{ exact: Float32Array | null, levels: Uint8Array, colours: Uint32Array }} drawn
   */
  show(layer, cell, { exact, levels, colours }) {
    this.element.hidden = false
    const { channel, row, column } = cell ?? { channel: 0, row: -1, column: -1 }
    const [, rows, columns] = layer.shape
    const tiny = Math.max(rows, columns) > NUMBERS_UP_TO
    const from = channel * rows * columns
    this.grid.label.textContent = row < 0 ? `${layer.title} · filter ${channel}` : `Filter ${channel}`
    const weight = (/** @type {number} */ i) => exact?.[from + i] ?? NaN
    this.grid.fill(rows, columns, Array.from({ length: rows * columns }, (_, i) => ({
      text: tiny ? "" : short(weight(i), columns > FEW ? DIGITS : undefined),
      title: short(weight(i)),
      kind: i === row * columns + column && row >= 0 ? "here" : "",
      ...ink(colours[levels[from + i]]),
    })))
    this.grid.cells.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`
  }
}
