// @ts-check
// The weights of a kernel as cells, one of which is chosen: by a click, or with the arrow keys.

import { ink, isDark, palette, signedLevel } from "../core/colour.js"
import { arrow, find, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { short } from "../core/numbers.js"
import { beside } from "./chosen-weight.js"

/** @import { Component } from "../core/component.js" */
/**
 * @typedef {object} Data
 * @property {string} label
 * @property {number[][]} rows
 * @property {[row: number, column: number]} chosen
 * @property {{ light: string, dark: string }} table The colours of each theme, in base64.
 */

const [FEW, DIGITS] = [3, 3] // up to this many columns, weights are written as elsewhere; with more, with this many digits

/** @type {Mounts<HTMLButtonElement[]>} */
const mounts = new Mounts(() => [])

export const isThemed = true

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const cells = mounts.of(parentElement)
  const grid = find(parentElement, ".weight-cells")
  const columns = data.rows[0].length
  const weights = data.rows.flat()
  while (cells.length > weights.length) cells.pop()?.remove()
  while (cells.length < weights.length) cells.push(makeButton(grid, "weight", "", () => {}))
  grid.setAttribute("role", "group")
  grid.setAttribute("aria-label", data.label)
  grid.style.setProperty("--columns", String(columns))
  const table = atob(data.table[isDark(parentElement.host) ? "dark" : "light"])
  const colours = palette(Uint8Array.from(table, character => character.charCodeAt(0)))
  const limit = Math.max(...weights.map(Math.abs)) || 1
  const chosen = data.chosen[0] * columns + data.chosen[1]
  cells.forEach((cell, i) => {
    const at = [Math.floor(i / columns), i % columns]
    cell.textContent = short(weights[i], columns > FEW ? DIGITS : undefined)
    Object.assign(cell.style, ink(colours[signedLevel(weights[i], limit)]))
    cell.setAttribute("aria-label", `Weight in row ${at[0]}, column ${at[1]}: ${short(weights[i])}`)
    cell.setAttribute("aria-pressed", String(i === chosen))
    cell.tabIndex = i === chosen ? 0 : -1
    cell.onclick = () => setTriggerValue("chosen", at)
    cell.onkeydown = event => {
      const step = arrow(event.key)
      if (!step) return
      event.preventDefault()
      const next = beside(i, step, data.rows.length, columns)
      cells[next].focus()
      cells[next].click()
    }
  })
}
