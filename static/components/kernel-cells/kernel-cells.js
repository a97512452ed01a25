// @ts-check
// A kernel whose cells are painted: dragging one up or down changes its number, and the maps follow.
// For keyboards and screen readers, the canvas contains a spin button for each cell.

import { css, isDark, onTop, palette } from "../core/colour.js"
import { arrow, describe, find, make, makeButton, pen, setAttributes } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { short } from "../core/numbers.js"
import { nextTurn } from "../core/one-in-flight.js"
import { hand } from "../live/hand.js"
import { level } from "../matrix/edits.js"
import { asLink } from "../matrix/text.js"
import { moved, painted, stepOf, stepped } from "./painting.js"

/** @import { Component } from "../core/component.js" */
/** @import { Rows } from "../matrix/edits.js" */
/**
 * @typedef {object} Data
 * @property {string} key The setting of the numbers.
 * @property {{ key: string, text: string } | null} also Another setting that goes with the numbers.
 * @property {string} label
 * @property {Rows} rows
 * @property {number} divisor
 * @property {number} largest The largest number that can be used.
 * @property {{ light: string, dark: string }} table The colours of each theme, in base64.
 * @property {boolean} fill Whether it fills the height of its place.
 * @property {boolean} hinted Whether it shows a hint.
 * @property {boolean} changed Whether there is a change to undo.
 * @property {number} turn The last turn that the server has seen.
 */

const LOST = 10_000 // ms to wait for an answer
const REST = 300 // ms without a key, after which the page is asked to run
const SMALLEST = 12 // CSS pixels of a number; a number that does not fit into its cell is left out
const GAP = 2
const [LEAST, MOST, FOOT] = [116, 300, 46] // CSS pixels per side, and of the foot below

const [NARROW, SMALL] = [700, 168] // in a window this narrow, the kernel is above the arithmetic, and has this side

const mounts = new Mounts(root => new KernelCells(find(root, ".kernel-cells")))

export const isThemed = true

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const cells = mounts.of(parentElement)
  cells.send = state => setStateValue("edited", state)
  cells.reset = () => setTriggerValue("reset", true)
  cells.take(data)
  return () => cells.remove()
}

class KernelCells {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {Data} */
    this.data
    /** @type {Rows} */
    this.rows = []
    this.sent = 0
    this.resting = 0
    this.step = 1
    this.isAhead = false // the page has not been asked for the current numbers yet
    /** @type {{ row: number, column: number, from: number, y: number, most: number } | null} */
    this.held = null
    /** @type {(state: object) => void} */
    this.send = () => {}
    this.reset = () => {}
    this.table = new Uint32Array()
    this.canvas = make("canvas", "", root)
    setAttributes(this.canvas, { role: "group" })
    const foot = make("div", "foot", root)
    this.back = makeButton(foot, "back", "Reset", () => this.reset())
    describe(this.back, "Reset the kernel") // the Lab has a button that resets the page
    this.hint = make("span", "hint", foot, "Drag up or down.")
    this.canvas.onpointerdown = event => this.press(event)
    this.canvas.onpointermove = event => this.drag(event)
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.release()
    this.canvas.onkeydown = event => this.key(event)
    for (const kind of ["focusin", "focusout"]) this.canvas.addEventListener(kind, () => this.draw())
    this.width = 0
    this.sized = new ResizeObserver(() => this.lay())
    this.root = root
    this.onresize = () => this.lay()
  }

  remove() {
    this.sized.disconnect()
    window.removeEventListener("resize", this.onresize)
  }

  get most() {
    return Math.max(this.held?.most ?? 0, ...this.rows.flat().map(Math.abs)) || 1
  }

  /** @param {Data} data */
  take(data) {
    this.data = data
    const table = atob(data.table[isDark(this.root) ? "dark" : "light"])
    this.table = palette(Uint8Array.from(table, character => character.charCodeAt(0)))
    this.canvas.setAttribute("aria-label", data.label)
    this.back.hidden = !data.changed
    this.hint.hidden = !data.hinted
    const answered = data.turn >= this.sent || Date.now() - this.sent / 1000 > LOST
    if (answered && !this.held && !this.resting) {
      hand.answered(data.key)
      if (data.also) hand.answered(data.also.key)
      this.rows = data.rows
    }
    this.sized.observe(this.root)
    if (data.fill) {
      const stage = /** @type {ShadowRoot} */ (this.root.getRootNode()).host.closest(".st-key-stage-maps")
      if (stage) this.sized.observe(stage)
      window.addEventListener("resize", this.onresize)
    }
    this.build()
    this.lay()
  }

  /** One spin button per cell; Tab reaches one of them, and the arrow keys move on. */
  build() {
    const cells = this.rows.flatMap((values, row) => values.map((value, column) => ({ value, row, column })))
    const { children } = this.canvas
    while (children.length > cells.length) this.canvas.lastElementChild?.remove()
    while (children.length < cells.length) setAttributes(make("span", "", this.canvas), { role: "spinbutton", tabindex: -1 })
    cells.forEach(({ value, row, column }, i) => setAttributes(children[i], {
      "aria-label": `weight in row ${row}, column ${column}`, "aria-valuenow": value, "aria-valuetext": short(value),
    }))
    if (![...children].some(child => child.getAttribute("tabindex") === "0")) children[0]?.setAttribute("tabindex", "0")
  }

  /** Which spin button has the focus; −1 for none. */
  get focused() {
    const root = /** @type {ShadowRoot} */ (this.canvas.getRootNode())
    return [...this.canvas.children].findIndex(child => child === root.activeElement)
  }

  /** @param {number} index */
  focus(index) {
    const children = /** @type {HTMLElement[]} */ ([...this.canvas.children])
    const at = (index + children.length) % children.length
    children.forEach((child, i) => { child.tabIndex = i === at ? 0 : -1 })
    children[at].focus({ preventScroll: true })
  }

  /** Fit the available side, and draw. */
  lay() {
    if (!this.data) return
    let side = LEAST
    if (this.data.fill) {
      const { top } = this.root.getBoundingClientRect()
      const scrolled = this.root.getRootNode() instanceof ShadowRoot
        ? document.querySelector("[data-testid=stMain]")?.scrollTop ?? 0 : 0
      const most = window.innerWidth < NARROW ? SMALL : MOST
      side = Math.max(LEAST, Math.min(most, window.innerHeight - top - scrolled - FOOT))
    }
    if (side !== this.width) {
      this.width = side
      this.root.style.width = this.canvas.style.width = this.canvas.style.height = `${side}px`
    }
    this.draw()
  }

  /** CSS pixels of a cell, and of the free space on the left and above. */
  get place() {
    const [height, width] = [this.rows.length, this.rows[0]?.length ?? 1]
    const cell = this.width / Math.max(height, width)
    return { cell, left: (this.width - cell * width) / 2, top: (this.width - cell * height) / 2 }
  }

  draw() {
    if (!this.width || !this.rows.length) return
    const dense = window.devicePixelRatio || 1
    this.canvas.width = this.canvas.height = Math.round(this.width * dense)
    const context = pen(this.canvas)
    context.scale(dense, dense)
    const { cell, left, top } = this.place
    const style = getComputedStyle(this.root)
    const { most, focused } = this
    const gap = cell > 2 * GAP ? GAP : 0
    context.textAlign = "center"
    context.textBaseline = "middle"
    this.rows.forEach((values, row) => values.forEach((value, column) => {
      const colour = this.table[level(value, -most, most)]
      const [x, y, side] = [left + column * cell + gap / 2, top + row * cell + gap / 2, cell - gap]
      context.fillStyle = css(colour)
      context.beginPath()
      context.roundRect(x, y, side, side, Math.min(4, side / 4))
      context.fill()
      context.lineWidth = row * values.length + column === focused ? 2.5 : 1
      context.strokeStyle = context.lineWidth > 1 ? style.getPropertyValue("--st-primary-color") : "rgb(128 128 128 / 25%)"
      context.stroke()
      const text = short(value, 3)
      const size = Math.min(20, Math.max(SMALLEST, side / 2.6), Math.max(SMALLEST, (1.55 * side) / text.length))
      context.font = `${size}px ${style.fontFamily}`
      if (context.measureText(text).width > side) return
      context.fillStyle = onTop(colour)
      context.fillText(text, x + side / 2, y + side / 2 + 1)
    }))
    this.canvas.dataset.rows = JSON.stringify(this.rows) // for tests
  }

  /** @param {PointerEvent} event */
  press(event) {
    const { cell, left, top } = this.place
    const [row, column] = [Math.floor((event.offsetY - top) / cell), Math.floor((event.offsetX - left) / cell)]
    const from = this.rows[row]?.[column]
    if (from === undefined || event.button > 0) return
    event.preventDefault()
    this.canvas.setPointerCapture(event.pointerId)
    this.focus(row * this.rows[0].length + column)
    this.held = { row, column, from, y: event.clientY, most: this.most }
    this.step = stepOf(this.rows)
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.held) return
    const { row, column, from, y } = this.held
    this.paint(row, column, moved(from, y - event.clientY, this.step))
  }

  release() {
    if (!this.held) return
    this.held = null
    this.depart()
  }

  /**
   * Set the number of a cell by hand: it is shown at once, and the maps follow.
   *
   * @param {number} row
   * @param {number} column
   * @param {number} value
   */
  paint(row, column, value) {
    const { also, divisor, key, largest } = this.data
    if (this.rows[row][column] === value || Math.abs(value / divisor) > largest) return
    this.rows = painted(this.rows, row, column, value)
    this.isAhead = true
    this.build()
    this.draw()
    if (!hand.covers(key)) return
    hand.move(key, asLink(this.rows, divisor))
    if (also) hand.move(also.key, also.text)
  }

  /** Ask the page to run with the current numbers. */
  depart() {
    clearTimeout(this.resting)
    this.resting = 0
    if (!this.isAhead) return
    this.isAhead = false
    this.sent = nextTurn()
    this.send({ matrix: this.rows, divisor: this.data.divisor, turn: this.sent })
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { focused } = this
    if (focused < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const columns = this.rows[0].length
    const [row, column] = [Math.floor(focused / columns), focused % columns]
    const value = this.rows[row][column]
    const towards = arrow(event.key)
    const number = /^\d$/.test(event.key) ? Number(event.key) : event.key === "-" ? 0 - value : null
    if (!towards && number === null) return
    event.preventDefault()
    event.stopPropagation()
    if (towards?.[1]) return this.focus(focused + towards[1])
    const step = stepOf(this.rows) * (event.shiftKey ? 10 : 1)
    this.paint(row, column, number ?? stepped(value, -(towards?.[0] ?? 0), step))
    clearTimeout(this.resting)
    this.resting = window.setTimeout(() => this.depart(), REST)
  }
}
