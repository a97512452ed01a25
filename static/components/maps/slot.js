// @ts-check
// A slot: the place on the page for the maps of one stage; a row of such places; or the block of all
// the places in a page's stage, which fills the window.

import { find, make } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { fill } from "./block.js"
import { board } from "./boards.js"

/** @import { Component } from "../core/component.js" */
/** @import { Board } from "./board.js" */
/** @typedef {{ board: string, stage: number, name?: string, gallery?: boolean, pins?: boolean }} Slot */
/** @typedef {{ block: Slot[], columns: number, first: number, pins: boolean }} Block */

const REST = 400 // ms without a change before a pin is sent to the server

const mounts = new Mounts(root => new Places(find(root, ".pane, .row, .block")))

export const isThemed = true

/** @param {Component<Slot | { row: (Slot | null)[] } | Block>} component */
export default function ({ data, parentElement, setStateValue }) {
  const places = mounts.of(parentElement)
  places.send = pin => setStateValue("pin", pin)
  places.show(data)
  return () => places.remove()
}

/**
 * Call `act` with the latest argument once there has been no other for a while.
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

class Places {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element
    /** @type {(pin: string) => void} */
    this.send = () => {}
    this.tell = later(pin => this.send(pin))
    /** @type {{ board: Board, stage: number, place: HTMLElement }[]} */
    this.held = [] // the place of each stage of a board
    /** @type {Board[]} */
    this.boards = [] // the boards of a block
    /** @type {Block | null} */
    this.block = null
    /** @type {ReturnType<typeof fill> | null} */
    this.filled = null
  }

  /** @param {Slot | { row: (Slot | null)[] } | Block} data */
  show(data) {
    if ("row" in data) this.showRow(data.row)
    else if ("block" in data) this.showBlock(data)
    else {
      this.element.classList.toggle("gallery", Boolean(data.gallery))
      this.hold([{ board: board(data.board), stage: data.stage, place: this.element }])
      if (data.pins) board(data.board).link.send = this.tell
    }
  }

  /**
   * Slots side by side; null leaves a place empty.
   *
   * @param {(Slot | null)[]} slots
   */
  showRow(slots) {
    this.element.className = "row"
    this.element.style.setProperty("--places", String(slots.length))
    this.lay(slots)
  }

  /**
   * All slots of a stage, numbered and named, as large as the window allows.
   *
   * @param {Block} block
   */
  showBlock(block) {
    const { element } = this
    element.className = "block"
    const root = element.getRootNode()
    const stage = root instanceof ShadowRoot ? root.host.closest(".st-key-stage") : null
    this.block = block
    const { lay } = (this.filled ??= fill(element, stage ?? element, () => this.read()))
    for (const one of this.boards) one.shaped.delete(lay)
    this.boards = [...new Set(block.block.map(slot => board(slot.board)))]
    for (const one of this.boards) one.shaped.add(lay)
    if (block.pins) this.boards[0].link.send = this.tell
    this.lay(block.block)
    lay()
  }

  /** What the arrangement of a block depends on. */
  read() {
    const { block, boards, element } = this
    return {
      count: block?.block.length ?? 0,
      columns: block?.columns ?? 0,
      first: block?.first ?? 0,
      aspect: Math.max(...boards.map(board => board.aspect)),
      charts: Boolean(element.querySelector(".chart")),
      closeup: Math.max(...boards.map(board => board.closeup)),
      deep: Math.max(1, ...this.places.map(place => Number(place.dataset.count ?? 1))),
    }
  }

  get places() {
    return /** @type {HTMLElement[]} */ ([...this.element.children])
  }

  /**
   * Give each slot a place in the element.
   *
   * @param {(Slot | null)[]} slots
   */
  lay(slots) {
    const { element } = this
    while (element.children.length > slots.length) element.lastElementChild?.remove()
    while (element.children.length < slots.length) make("div", "", element)
    const { places } = this
    slots.forEach((slot, i) => {
      if (!slot) return
      places[i].className = "pane"
      Object.assign(places[i].dataset, { number: String(i + 1), name: slot.name ?? "" })
    })
    this.hold(slots.flatMap((slot, i) => (slot ? [{ board: board(slot.board), stage: slot.stage, place: places[i] }] : [])))
  }

  /**
   * Attach the places to their boards. Places that are no longer used are released first: a place may now
   * belong to another stage, or a stage to another place.
   *
   * @param {Places["held"]} held
   */
  hold(held) {
    for (const { board, stage, place } of this.held) {
      if (!held.some(one => one.board === board && one.stage === stage && one.place === place)) board.detach(stage, place)
    }
    this.held = held
    for (const { board, stage, place } of held) board.attach(stage, place)
  }

  remove() {
    for (const one of this.boards) if (this.filled) one.shaped.delete(this.filled.lay)
    this.filled?.end()
    for (const { board, stage, place } of this.held) board.detach(stage, place)
  }
}
