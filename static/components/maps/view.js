// @ts-check
// One coordinate system for all panes of a board: cells of the picture. A view says which part
// of the world a pane shows; `zoom` 1 is the whole of it.

/** @import { Lines } from "./arithmetic.js" */
/** @typedef {readonly [top: number, left: number, bottom: number, right: number]} World */
/** @typedef {{ zoom: number, x: number, y: number }} View */

const TALLEST = 1.3 // height ÷ width of a pane, at most
const LOWEST = 0.28
const MAX_CELL = 96 // CSS pixels per cell of the picture, at the closest

/**
 * Height ÷ width of the panes of a world.
 *
 * @param {World} world
 */
export const shape = ([top, left, bottom, right]) =>
  Math.min(TALLEST, Math.max(LOWEST, (bottom - top) / (right - left)))

/**
 * CSS pixels per cell, where all of a world is shown.
 *
 * @param {World} world
 * @param {number} width
 * @param {number} height
 */
const whole = ([top, left, bottom, right], width, height) =>
  Math.min(width / (right - left), height / (bottom - top))

/**
 * How a world is placed on a pane of width × height CSS pixels.
 *
 * @param {World} world
 * @param {number} width
 * @param {number} height
 * @param {View} view
 */
export function fit(world, width, height, view) {
  const scale = whole(world, width, height) * view.zoom
  return {
    scale,
    x: (/** @type {number} */ column) => (column - view.x) * scale + width / 2,
    y: (/** @type {number} */ row) => (row - view.y) * scale + height / 2,
    column: (/** @type {number} */ x) => (x - width / 2) / scale + view.x,
    row: (/** @type {number} */ y) => (y - height / 2) / scale + view.y,
  }
}

/**
 * The view of the whole world.
 *
 * @param {World} world
 * @returns {View}
 */
export function home([top, left, bottom, right]) {
  return { zoom: 1, x: (left + right) / 2, y: (top + bottom) / 2 }
}

/**
 * The view in which `cells` cells fill a pane, around the traced lines of the picture.
 *
 * @param {[Lines, Lines]} traced
 * @param {number} cells
 * @param {World} world
 */
export function near([[rows], [columns]], cells, world) {
  const [top, left, bottom, right] = world
  const middle = (/** @type {number[]} */ lines) => (lines[0] + lines[lines.length - 1] + 1) / 2
  const zoom = Math.max(1, Math.max(bottom - top, right - left) / cells)
  return inside({ zoom, x: middle(columns), y: middle(rows) }, world)
}

/**
 * Change the zoom by a factor; the place (column, row) stays where it is on the screen.
 *
 * @param {View} view
 * @param {number} factor
 * @param {number} column
 * @param {number} row
 * @param {World} world
 * @param {number} width
 * @param {number} height
 */
export function zoomed(view, factor, column, row, world, width, height) {
  const most = Math.max(1, MAX_CELL / whole(world, width, height))
  const zoom = Math.min(most, Math.max(1, view.zoom * factor))
  const kept = view.zoom / zoom
  return inside({ zoom, x: column + (view.x - column) * kept, y: row + (view.y - row) * kept }, world)
}

/**
 * Keep the world in sight: a view that is not zoomed in is the home view.
 *
 * @param {View} view
 * @param {World} world
 * @returns {View}
 */
export function inside(view, [top, left, bottom, right]) {
  const half = 0.5 / view.zoom
  const clamp = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) =>
    Math.min(high, Math.max(low, value))
  return {
    zoom: view.zoom,
    x: clamp(view.x, left + (right - left) * half, right - (right - left) * half),
    y: clamp(view.y, top + (bottom - top) * half, bottom - (bottom - top) * half),
  }
}
