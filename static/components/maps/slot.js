// @ts-check
// A slot: the place on the page for the maps of one stage; a row of such places; or the block of all
// the places in a page's stage, which fills the window.

import { find, make } from "../core/dom.js"
import { fill } from "./block.js"
import { board } from "./boards.js"

/** @import { Component } from "../core/component.js" */
/** @import { Board } from "./board.js" */
/** @typedef {{ board: string, stage: number, name?: string, gallery?: boolean, pins?: boolean }} Slot */
/** @typedef {{ block: Slot[], columns: number, first: number, pins: boolean }} Block */

const REST = 400 // ms without a change before the server hears of a pin

/** @param {Component<Slot | { row: (Slot | null)[] } | Block>} component */
export default function ({ data, parentElement, setStateValue }) {
  const element = find(parentElement, ".pane, .row, .block")
  if ("row" in data) return row(element, data.row)
  if ("block" in data) return block(element, data, later(pin => setStateValue("pin", pin)))
  const shown = board(data.board)
  element.classList.toggle("gallery", Boolean(data.gallery))
  shown.attach(data.stage, element)
  if (data.pins) shown.link.send = later(pin => setStateValue("pin", pin))
  return () => shown.detach(data.stage, element)
}

/**
 * Call `act` with the last argument, once no other has come for a while.
 *
 * @param {(argument: string) => void} act
 */
function later(act) {
  let timer = 0
  return (/** @type {string} */ argument) => {
    clearTimeout(timer)
    timer = window.setTimeout(() => act(argument), REST)
  }
}

/**
 * Slots side by side; null leaves a place empty.
 *
 * @param {HTMLElement} element
 * @param {(Slot | null)[]} slots
 */
function row(element, slots) {
  element.className = "row"
  element.style.setProperty("--places", String(slots.length))
  return attach(element, slots)
}

/**
 * All slots of a stage, numbered and named, as large as the window allows.
 *
 * @param {HTMLElement} element
 * @param {Block} data
 * @param {(pin: string) => void} tell
 */
function block(element, { block: slots, columns, first, pins }, tell) {
  element.className = "block"
  const boards = [...new Set(slots.map(slot => board(slot.board)))]
  const root = element.getRootNode()
  const stage = root instanceof ShadowRoot ? root.host.closest(".st-key-stage") : null
  const filled = fill(element, stage ?? element, () => ({
    count: slots.length,
    columns,
    first,
    aspect: Math.max(...boards.map(board => board.aspect)),
    charts: Boolean(element.querySelector(".chart")),
    closeup: Math.max(...boards.map(board => board.closeup)),
    deep: Math.max(1, ...places(element).map(place => Number(place.dataset.count ?? 1))),
  }))
  if (pins) boards[0].link.send = tell
  for (const one of boards) one.shaped.add(filled.lay)
  const detach = attach(element, slots)
  filled.lay()
  return () => {
    for (const one of boards) one.shaped.delete(filled.lay)
    filled.end()
    detach()
  }
}

const places = (/** @type {HTMLElement} */ element) => /** @type {HTMLElement[]} */ ([...element.children])

/**
 * Give each slot a place in the element; returns a function that removes them.
 *
 * @param {HTMLElement} element
 * @param {(Slot | null)[]} slots
 */
function attach(element, slots) {
  while (element.children.length > slots.length) element.lastElementChild?.remove()
  while (element.children.length < slots.length) make("div", "", element)
  const each = (/** @type {(board: Board, slot: Slot, place: HTMLElement, i: number) => void} */ act) =>
    slots.forEach((slot, i) => slot && act(board(slot.board), slot, places(element)[i], i))
  each((board, { name = "", stage }, place, i) => {
    place.className = "pane"
    Object.assign(place.dataset, { number: String(i + 1), name })
    board.attach(stage, place)
  })
  return () => each((board, { stage }, place) => board.detach(stage, place))
}
