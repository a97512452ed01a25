// @ts-check

/**
 * The cell beside one, row by row from 0; at the edge it is the cell itself.
 *
 * @param {number} cell
 * @param {[down: number, right: number]} step
 * @param {number} rows
 * @param {number} columns
 */
export function beside(cell, [down, right], rows, columns) {
  const row = Math.floor(cell / columns) + down
  const column = (cell % columns) + right
  const inside = row >= 0 && row < rows && column >= 0 && column < columns
  return inside ? row * columns + column : cell
}
