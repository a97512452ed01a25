// @ts-check
// A slot: the place on the page where the maps of one stage stand; or a row of such places.

import { find, make } from "../core/dom.js"
import { board, later } from "./board.js"

/** @import { Component } from "../core/component.js" */
/** @import { Board } from "./board.js" */
/** @typedef {{ board: string, stage: number, gallery?: boolean, pins?: boolean }} Slot */

/** @param {Component<Slot | { row: (Slot | null)[] }>} component */
export default function ({ data, parentElement, setStateValue }) {
  const element = find(parentElement, ".pane, .row")
  if ("row" in data) return row(element, data.row)
  const shown = board(data.board)
  element.classList.toggle("gallery", Boolean(data.gallery))
  shown.attach(data.stage, element)
  if (data.pins) shown.tell = later(pin => setStateValue("pin", pin))
  return () => shown.detach(data.stage, element)
}

/**
 * Slots beside one another; null is a place that stays empty.
 *
 * @param {HTMLElement} element
 * @param {(Slot | null)[]} slots
 */
function row(element, slots) {
  element.className = "row"
  element.style.setProperty("--places", String(slots.length))
  while (element.children.length < slots.length) make("div", "", element)
  const each = (/** @type {(board: Board, stage: number, place: HTMLElement) => void} */ act) =>
    slots.forEach((slot, i) => slot && act(board(slot.board), slot.stage, /** @type {HTMLElement} */ (element.children[i])))
  each((board, stage, place) => {
    place.className = "pane"
    board.attach(stage, place)
  })
  return () => each((board, stage, place) => board.detach(stage, place))
}
