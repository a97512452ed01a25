// @ts-check
// A small kernel, beside its map: its numbers on their own colour scale.

import { ink, palette, signedLevel } from "./colour.js"
import { make } from "./dom.js"
import { short } from "./numbers.js"

const HEIGHT = 51 // CSS pixels in all
const NUMBERS_FROM = 16 // CSS pixels per cell

/** @typedef {import("./message.js").Plane} Plane */

/**
 * One element for each different kernel of a chain.
 *
 * @param {{ matrices: number[][][] }} chain
 * @param {number} table The offset of its colour table.
 * @param {Plane} plane
 */
export function kernels({ matrices }, table, plane) {
  const same = matrices.every(matrix => String(matrix) === String(matrices[0]))
  const colours = palette(plane(table, 3 * 256))
  const strongest = Math.max(...matrices.flat(2).map(Math.abs)) || 1
  return (same ? matrices.slice(0, 1) : matrices).map(matrix => thumbnail(matrix, weight => ink(colours[signedLevel(weight, strongest)])))
}

/**
 * @param {number[][]} matrix
 * @param {(weight: number) => { background: string, color: string }} style
 */
function thumbnail(matrix, style) {
  const size = Math.min(17, Math.floor(HEIGHT / matrix.length) - 1)
  const grid = make("span", "kernel")
  grid.style.gridTemplate = `repeat(${matrix.length}, ${size}px) / repeat(${matrix[0].length}, ${Math.round(1.25 * size)}px)`
  grid.title = matrix.map(row => row.map(weight => short(weight)).join("  ")).join("\n")
  for (const weight of matrix.flat()) {
    const cell = make("span", "", grid)
    Object.assign(cell.style, style(weight))
    const text = short(weight, 2)
    if (size >= NUMBERS_FROM && text.length <= 4) cell.textContent = text
  }
  return grid
}
