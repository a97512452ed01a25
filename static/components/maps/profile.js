// @ts-check
// A cut through the maps of a board along the row of its cursor: the values before and after the
// activation, column by column. It follows the board without asking the server; a row set by the
// server moves the cursor.

import { find, make, makeSvg } from "../core/dom.js"
import { parse } from "../core/message.js"
import { Mounts } from "../core/mounts.js"
import { short } from "../core/numbers.js"
import { onPainted } from "../core/painted.js"
import { hand } from "../live/hand.js"
import { convolve } from "./arithmetic.js"
import { board } from "./boards.js"

/** @import { Component } from "../core/component.js" */
/** @import { Input } from "./arithmetic.js" */
/** @import { Chain } from "./header.js" */

/** @typedef {"features" | "activated"} Part */
/** @typedef {{ from: number, to: number, limit: number }} Scale Columns in sight, and the largest value. */

const [WIDTH, HEIGHT, ROOM] = [800, 120, 6]
const CLEAR = 1 // gap between a bar and its mark

const mounts = new Mounts(root => new Profile(find(root, ".profile")))

/** @param {Component<{ name: string, board: string, row: number }>} component */
export default function ({ data, parentElement }) {
  const profile = mounts.of(parentElement)
  const leave = hand.receive(data.name, parentElement, bytes => profile.show(parse(bytes)))
  hand.run(data.name, () => profile.show(data))
  return () => {
    leave()
    profile.remove()
  }
}

class Profile {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.title = make("p", "title", root)
    this.cuts = [new Cut(root, "features", "before"), new Cut(root, "activated", "after")]
    this.name = ""
    /** @type {number | undefined} */
    this.row = undefined // as the server has set it
    /** @type {{ message: unknown, row: number } | null} */
    this.drawn = null // what the cells were drawn from
    /** @type {Record<Part, number>[]} */
    this.cells = []
    this.deaf = onPainted(whose => { if (whose === this.name) this.draw() })
  }

  remove() {
    this.deaf()
    board(this.name).ruler = false
  }

  /** @param {{ name: string, board: string, row: number }} data */
  show({ board: name, row }) {
    const moved = this.row !== undefined && row !== this.row
    this.name = name
    this.row = row
    const shown = board(name)
    shown.ruler = true
    if (moved && shown.cursor) shown.point({ ...shown.cursor, stage: 1, row })
    shown.draw()
  }

  draw() {
    const { input, message, reading, view } = board(this.name)
    if (!reading || !input) return
    const { cell: [row, column], chain } = reading
    // Recompute only what has changed: pointing along a row only moves the mark.
    if (this.drawn?.message !== message || this.drawn?.row !== row) this.read(chain, input, row)
    this.drawn = { message, row }
    const [, width] = chain.sizes.features
    const half = width / view.zoom / 2
    const [from, to] = view.zoom === 1 ? [0, width] : [view.x - half, view.x + half]
    const limit = Math.max(...this.cells.flatMap(cell => [cell.features, cell.activated]).map(Math.abs)) || 1
    this.title.textContent = `Profile of row ${row}, from left to right. Column ${column} is marked.`
    this.cuts.forEach(cut => cut.draw(chain, this.cells.map(cell => cell[cut.part]), column, { from, to, limit }))
  }

  /**
   * @param {Chain} chain
   * @param {Input} input
   * @param {number} row
   */
  read(chain, input, row) {
    this.cells = Array.from({ length: chain.sizes.features[1] }, (_, column) => {
      const { features, activated } = convolve(chain, input, row, column)
      return { features, activated }
    })
  }
}

class Cut {
  /**
   * @param {HTMLElement} root
   * @param {Part} part
   * @param {string} word Whether it is before or after the activation.
   */
  constructor(root, part, word) {
    this.part = part
    this.word = word
    const figure = make("figure", "", root)
    this.label = make("figcaption", "", figure)
    this.svg = makeSvg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img",
    }, figure)
    const [below, above, axis, here] = ["below", "above", "axis", "here"].map(name => makeSvg("path", { class: name }, this.svg))
    this.lines = { below, above, axis, here }
  }

  /**
   * Draw steps, one per cell, filled down or up to 0.
   *
   * @param {Chain} chain
   * @param {number[]} values
   * @param {number} column The marked one.
   * @param {Scale} scale
   */
  draw(chain, values, column, { from, to, limit }) {
    const x = (/** @type {number} */ place) => (((place - from) / (to - from)) * WIDTH).toFixed(1)
    const y = (/** @type {number} */ value) => (HEIGHT / 2 - (value / limit) * (HEIGHT / 2 - ROOM)).toFixed(1)
    const area = (/** @type {number[]} */ steps) =>
      `M${x(0)} ${y(0)}` + steps.map((value, i) => `V${y(value)}H${x(i + 1)}`).join("") + `V${y(0)}z`
    this.lines.below.setAttribute("d", area(values.map(value => Math.min(0, value))))
    this.lines.above.setAttribute("d", area(values.map(value => Math.max(0, value))))
    this.lines.axis.setAttribute("d", `M0 ${y(0)}H${WIDTH}`)
    // The mark is above and below its bar.
    const [top, bottom] = [0, values[column]].map(value => Number(y(value))).sort((a, b) => a - b)
    this.lines.here.setAttribute("d", `M${x(column + 0.5)} 0V${Math.max(0, top - CLEAR)}M${x(column + 0.5)} ${bottom + CLEAR}V${HEIGHT}`)
    const name = this.part === "features" ? chain.title : chain.activationTitle
    const value = short(values[column])
    this.label.textContent = `${this.word} · ${name} · ${value}`
    this.svg.setAttribute("aria-label", `The row ${this.word} the activation: ${value} at the marked column.`)
    this.svg.dataset.zeros = String(values.filter(value => value === 0).length)
    this.svg.dataset.value = String(values[column])
  }
}
