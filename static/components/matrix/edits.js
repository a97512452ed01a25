// @ts-check
// Edits of a matrix: new rows from old ones, and undo. A state is never changed in place.

/** @typedef {number[][]} Rows */
/** @typedef {{ rows: Rows, divisor: number }} State */
/** @typedef {{ top: number, left: number, bottom: number, right: number }} Range Cells, both ends included. */
/** @typedef {[row: number, column: number]} Place */

/** How many cells come before the middle one, which lies on the computed cell, as with padding "same". */
const beforeMiddle = (/** @type {number} */ cells) => Math.floor((cells - 1) / 2)

/**
 * The rows cut or filled with zeros: around the middle, as a kernel is, whose map then stays in
 * place; or at the right and at the bottom.
 *
 * @param {Rows} rows
 * @param {number} height
 * @param {number} width
 */
export const resized = (rows, height, width, aroundMiddle = false) => {
  const shift = (/** @type {number} */ to, /** @type {number} */ from) =>
    aroundMiddle ? beforeMiddle(to) - beforeMiddle(from) : 0
  const down = shift(height, rows.length), right = shift(width, rows[0].length)
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => rows[row - down]?.[column - right] ?? 0))
}

/**
 * The rows with `change(value)` in the cells of a range.
 *
 * @param {Rows} rows
 * @param {Range} range
 * @param {(value: number) => number} change
 */
export const mapped = (rows, { top, left, bottom, right }, change) =>
  rows.map((values, row) => values.map((value, column) =>
    row >= top && row <= bottom && column >= left && column <= right ? change(value) + 0 : value)) // + 0: never −0

/**
 * Only the rows and columns of a range.
 *
 * @param {Rows} rows
 * @param {Range} range
 */
export const cut = (rows, { top, left, bottom, right }) =>
  rows.slice(top, bottom + 1).map(values => values.slice(left, right + 1))

/**
 * The range between two cells.
 *
 * @param {Place} one
 * @param {Place} other
 * @returns {Range}
 */
export const rangeOf = ([row, column], [otherRow, otherColumn]) => ({
  top: Math.min(row, otherRow), left: Math.min(column, otherColumn),
  bottom: Math.max(row, otherRow), right: Math.max(column, otherColumn),
})

/**
 * @param {State} one
 * @param {State} other
 */
export const same = (one, other) =>
  one.divisor === other.divisor && one.rows.length === other.rows.length
  && one.rows.every((row, i) => row.length === other.rows[i].length && row.every((value, j) => value === other.rows[i][j]))

/**
 * A number as the index, from 0 to 254, of a colour table from `low` to `high`.
 *
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const level = (value, low, high) =>
  Math.max(0, Math.min(254, Math.round((254 * (value - low)) / (high - low))))

/** Earlier states, the current one, and undone ones. */
export class History {
  /** @param {State} state */
  constructor(state, most = 200) {
    /** @type {State[]} */
    this.past = []
    this.state = state
    /** @type {State[]} */
    this.future = []
    this.most = most
  }

  /** @param {State} state */
  add(state) {
    this.past = [...this.past, this.state].slice(-this.most)
    this.state = state
    this.future = []
  }

  undo() { return this.step(this.past, this.future) }

  redo() { return this.step(this.future, this.past) }

  /**
   * Take a step; returns whether there was one.
   *
   * @param {State[]} from
   * @param {State[]} to
   */
  step(from, to) {
    const state = from.pop()
    if (state === undefined) return false
    to.push(this.state)
    this.state = state
    return true
  }
}
