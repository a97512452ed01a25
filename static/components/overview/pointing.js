// @ts-check
// Mouse, finger and keys on an overview: find the cell, and act on it.

import { arrow } from "../core/dom.js"
import { channelAt, placeOf } from "./layer-row.js"
import { at, rectangle } from "./layout.js"

/** @import { Overview } from "./overview.js" */
/** @import { Cell, LayerRow } from "./layer-row.js" */

const STILL = 8 // CSS pixels; a finger that moves less has tapped
const EDGE = 80 // CSS pixels of the window; a cell nearer to its edge is brought into sight

/**
 * Connect the events of an overview's sheet to actions.
 *
 * @param {Overview} overview
 */
export function listen(overview) {
  const { sheet } = overview
  /** @type {PointerEvent | null} */
  let pressed = null
  const under = (/** @type {PointerEvent} */ event) => {
    const box = sheet.getBoundingClientRect()
    return at(overview, overview.layers, event.clientX - box.left, event.clientY - box.top)
  }
  sheet.onpointermove = event => {
    if (event.pointerType === "mouse") overview.point(under(event) ?? overview.cell)
  }
  sheet.onpointerdown = event => { pressed = event.button > 0 ? null : event }
  sheet.onpointerup = event => {
    const cell = under(event)
    if (!pressed || !cell || Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > STILL) return
    overview.point(cell)
    const touched = event.pointerType !== "mouse"
    overview.open.classList.toggle("touched", touched)
    if (!touched) overview.choose() // a tap only points; a button then opens the cell
  }
  sheet.onkeydown = event => key(overview, event)
}

/**
 * @param {Overview} overview
 * @param {KeyboardEvent} event
 */
function key(overview, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const towards = arrow(event.key)
  if (event.key === "Escape") overview.point(null)
  else if (event.key === "Enter") overview.choose()
  else if (towards) step(overview, towards, event.shiftKey)
  else return
  event.preventDefault()
}

/**
 * Go to the next cell; at the edge of a map, and always with Shift, to the next map or layer.
 *
 * @param {Overview} overview
 * @param {[down: number, right: number]} towards
 * @param {boolean} far
 */
function step(overview, towards, far) {
  const { cell, layers } = overview
  const next = cell ? nextCell(layers, cell, towards, far) : firstCell(layers)
  if (!next) return
  overview.point(next, { spoken: true })
  const one = layers[next.layer]
  const [, y] = rectangle(overview.places[next.layer], one.shape, placeOf(one, next.channel), [next.row, next.row], [0, 0])
  const top = overview.sheet.getBoundingClientRect().top + y
  if (cell && (top < EDGE || top > window.innerHeight - EDGE)) {
    overview.heads[next.layer]?.head.scrollIntoView({ block: "center" })
  }
}

/**
 * @param {LayerRow[]} layers
 * @returns {Cell}
 */
const firstCell = layers => {
  const layer = layers.findIndex(({ aside }) => !aside)
  return { layer, channel: channelAt(layers[layer], 0), row: 0, column: 0 }
}

/**
 * @param {LayerRow[]} layers
 * @param {Cell} cell
 * @param {[down: number, right: number]} towards
 * @param {boolean} far
 * @returns {Cell | null}
 */
export function nextCell(layers, { layer, channel, row, column }, [down, right], far) {
  const { drawn: count, shape: [, height, width] } = layers[layer]
  const [nextRow, nextColumn] = [row + down, column + right]
  const stays = !far && nextRow >= 0 && nextRow < height && nextColumn >= 0 && nextColumn < width
  if (stays) return { layer, channel, row: nextRow, column: nextColumn }
  const place = placeOf(layers[layer], channel)
  if (right) return { layer, channel: channelAt(layers[layer], inside(place + right, count)), row, column }
  const next = inside(layer + down, layers.length)
  if (layers[next].aside) return null
  const { drawn: channels, shape: [, rows, columns] } = layers[next]
  return {
    layer: next, channel: channelAt(layers[next], inside(place, channels)),
    row: scaled(row, height, rows), column: scaled(column, width, columns),
  }
}

/**
 * @param {number} value
 * @param {number} count
 */
const inside = (value, count) => Math.min(Math.max(value, 0), count - 1)

/**
 * The line among `to` that corresponds to a line among `from`.
 *
 * @param {number} line
 * @param {number} from
 * @param {number} to
 */
const scaled = (line, from, to) => inside(Math.floor(((line + 0.5) / from) * to), to)
