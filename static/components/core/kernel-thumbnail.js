// A kernel in small, beside its map: its numbers on their own colour scale.

import { ink, palette } from "./colour.js"
import { short } from "./numbers.js"

const HEIGHT = 51 // CSS pixels in all
const NUMBERS_FROM = 16 // CSS pixels a cell

/** One element for each different kernel of a chain. */
export function kernels(chain, header, plane) {
  const same = chain.matrices.every(matrix => String(matrix) === String(chain.matrices[0]))
  const colours = palette(plane(header.kernelTable.light, 3 * 256))
  const strongest = Math.max(...chain.matrices.flat(2).map(Math.abs)) || 1
  return (same ? chain.matrices.slice(0, 1) : chain.matrices).map(matrix => {
    const size = Math.min(17, Math.floor(HEIGHT / matrix.length) - 1)
    const grid = document.createElement("span")
    grid.className = "kernel"
    grid.style.gridTemplate = `repeat(${matrix.length}, ${size}px) / repeat(${matrix[0].length}, ${Math.round(1.25 * size)}px)`
    grid.title = matrix.map(row => row.map(weight => short(weight)).join("  ")).join("\n")
    for (const weight of matrix.flat()) {
      const cell = grid.appendChild(document.createElement("span"))
      Object.assign(cell.style, ink(colours[Math.round(127 + (127 * weight) / strongest)]))
      const text = short(weight, 2)
      if (size >= NUMBERS_FROM && text.length <= 4) cell.textContent = text
    }
    return grid
  })
}
