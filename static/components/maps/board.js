// @ts-check
// A board is one set of maps on a page: its message, its view, its cursor, and the slots and the
// panel that show it.

import { countUp, tellPainted } from "../core/painted.js"
import { isPresenting } from "../core/present.js"
import { BoardTheme } from "./board-theme.js"
import { Pane } from "./pane.js"
import { PinLink } from "./pin-link.js"
import { tellPointed } from "./pointed.js"
import { Predictions } from "./predictions.js"
import { read, reader } from "./reading.js"
import { home, near, shape } from "./view.js"

/** @import { Message } from "../core/message.js" */
/** @import { Input } from "./arithmetic.js" */
/** @import { Cursor, Header } from "./header.js" */
/** @import { Reading } from "./reading.js" */
/** @import { View } from "./view.js" */

const SAID = 100 // ms that sentences may lag behind while maps of newer settings are on their way
const LAST = 150 // ms after which sentences follow in any case

/** @typedef {{ stage: number, element: HTMLElement, panes: Pane[] }} Slot */
/**
 * @typedef {{ show(reading: Reading, cursor: Cursor, pinned: boolean): void,
 *   speak(reading: Reading): void, cover(covered: boolean): void }} Shown The panel, and the player with it.
 */

export class Board {
  /** @param {string} name */
  constructor(name) {
    this.name = name
    /** @type {Map<number, Slot>} */
    this.slots = new Map() // by stage
    /** @type {Shown | null} */
    this.panel = null
    /** @type {Message<Header> | null} */
    this.message = null
    /** @type {Input | null} */
    this.input = null
    /** @type {Cursor | null} */
    this.cursor = null
    /** @type {Reading | null} */
    this.reading = null
    /** @type {View} */
    this.view = { zoom: 1, x: 0, y: 0 }
    /** @type {[rows: number[], columns: number[]] | null} */
    this.touched = null // cells of the input lit in addition to the cursor's
    this.themes = new BoardTheme()
    this.closeup = 0
    /** @type {Cursor | null} */
    this.kept = null // the pinned cell, which is shown again after pointing elsewhere
    /** @type {number | null} */
    this.swept = null // the feature cell that the playing window has reached
    this.subject = "" // what the maps show, such as the name of the picture
    this.ruler = false // a line marks the row of the cursor
    this.predictions = new Predictions()
    this.frame = 0
    this.brief = false // only the maps are shown
    this.said = 0 // when the sentences were written last
    this.saying = 0
    this.link = new PinLink()
    /** @type {(risen: boolean) => void} */
    this.raise = () => {} // brings the arithmetic to the thumb, or puts it back
    /** @type {Set<() => void>} */
    this.shaped = new Set() // functions to call when the number or the shape of the maps may have changed
    this.shape = "" // the shape at the last of these calls
    /** @type {number | null} */
    this.covered = null // the stage from which maps are hidden while a class is asked about them
  }

  /**
   * Take a new message. The view stays unless the world has changed its shape. If the message is
   * `overtaken` by newer settings, the maps come first: the arithmetic and the charts follow ten times
   * a second.
   *
   * @param {Message<Header>} message
   * @param {boolean} [overtaken]
   */
  show(message, overtaken = false) {
    const now = performance.now()
    this.brief = overtaken && now - this.said < SAID
    clearTimeout(this.saying)
    if (this.brief) this.saying = window.setTimeout(() => this.point(this.cursor, { swept: this.swept }), LAST)
    else this.said = now
    const before = this.message?.header.world
    this.message = message
    this.themes.repaint()
    const [slot] = this.slots.values()
    if (slot) this.themes.of(message, slot.element) // before anything is written, which would cause a second layout of the page
    const { closeup = 0, pin, start, subject = "", world } = message.header
    this.predictions.hear(message.header)
    this.input = reader(message)
    const moved = !before || closeup !== this.closeup || world.some((edge, i) => edge !== before[i])
    this.closeup = closeup
    if (moved) this.view = home(world)
    this.heed(pin)
    if (subject !== this.subject && !this.kept) this.cursor = start ?? this.cursor // not at an edge of the last picture
    this.subject = subject
    this.cursor ??= start ?? null
    this.slots.forEach(slot => this.fill(slot))
    this.reshape()
    this.point(this.cursor, { swept: this.swept })
    if (moved && closeup && this.reading) this.view = near(this.reading.lines, closeup, world)
    this.drawNow()
    this.brief = false
  }

  /** Rearrange the maps if their number or shape has changed; while presenting, always. */
  reshape() {
    const { closeup, message } = this
    const maps = message?.header.panes.map(({ chart, slot }) => [slot, Boolean(chart)])
    const shape = JSON.stringify([this.aspect, closeup, maps])
    if (shape === this.shape && !isPresenting()) return
    this.shape = shape
    this.shaped.forEach(lay => lay())
  }

  /** Height ÷ width of every map. */
  get aspect() {
    return this.message ? shape(this.message.header.world) : 1
  }

  /** Adopt a pin that the server has set; ignore one that it only repeats. */
  heed(pin = "") {
    const kept = this.link.heed(pin)
    if (kept === undefined) return
    this.kept = kept
    this.cursor = kept ?? this.cursor
  }

  /**
   * Give the board an element for the maps of a stage, one below another.
   *
   * @param {number} stage
   * @param {HTMLElement} element
   */
  attach(stage, element) {
    element.dataset.slot = `${this.name}:${stage}`
    this.themes.forget()
    let slot = this.slots.get(stage)
    if (slot?.element === element) {
      slot.panes.forEach(pane => pane.restyle())
    } else {
      slot = { stage, element, panes: [] }
      this.slots.set(stage, slot)
      if (this.message) this.fill(slot)
    }
    this.draw()
  }

  /**
   * @param {number} stage
   * @param {HTMLElement} element
   */
  detach(stage, element) {
    const slot = this.slots.get(stage)
    if (slot?.element !== element) return
    slot.panes.forEach(pane => pane.remove())
    this.slots.delete(stage)
  }

  /** The panel is gone; the slots may stay, or come back with it. */
  close() {
    this.panel = null
  }

  /** @param {Slot} slot */
  fill(slot) {
    if (!this.message) return
    const { header, plane } = this.message
    const wanted = header.panes.filter(pane => pane.slot === slot.stage)
    while (slot.panes.length > wanted.length) slot.panes.pop()?.remove()
    while (slot.panes.length < wanted.length) slot.panes.push(new Pane(this, slot.element))
    slot.element.dataset.count = String(wanted.length)
    wanted.forEach((pane, i) => slot.panes[i].load(pane, header, plane))
    if (this.covered !== null) this.hideCovered()
  }

  /**
   * Hide the maps from a stage on, and the arithmetic, while a class is asked about them. Infinity: hide
   * only what names their kernels. Null: show all.
   *
   * @param {number | null} stage
   */
  cover(stage) {
    if (stage === this.covered) return
    this.covered = stage
    this.hideCovered()
  }

  hideCovered() {
    const { covered, panes } = this
    for (const pane of panes) pane.cover(covered !== null && pane.pane.stage >= covered, covered === Infinity)
    this.panel?.cover(covered !== null)
  }

  get panes() {
    return [...this.slots.values()].flatMap(slot => slot.panes)
  }

  /** @param {View} view */
  setView(view) {
    this.view = view
    this.draw()
  }

  get chain() {
    return this.message?.header.chains[this.cursor?.chain ?? 0]
  }

  /** Whether the cell in hand is the pinned one. */
  get pinned() {
    return this.kept !== null && JSON.stringify(this.kept) === JSON.stringify(this.cursor)
  }

  /** The pointer has left the maps: show the pinned cell again. */
  leave() {
    if (this.kept && !this.pinned) this.point(this.kept)
  }

  /**
   * Move the cursor to a cell, or to the nearest existing one. While the window plays, `swept` is the
   * feature cell it has reached; the cells beyond are covered.
   *
   * @param {Cursor | null} cursor
   * @param {{ spoken?: boolean, swept?: number | null }} [how]
   */
  point(cursor, { spoken = false, swept = null } = {}) {
    if (!cursor || !this.input || !this.message) return
    this.swept = swept
    const { header } = this.message
    const chain = header.chains[Math.min(cursor.chain, header.chains.length - 1)]
    const { features, input, pooled } = chain.sizes
    const [height, width] = [input, features, features, pooled][cursor.stage]
    this.cursor = {
      stage: cursor.stage,
      row: Math.min(Math.max(cursor.row, 0), height - 1),
      column: Math.min(Math.max(cursor.column, 0), width - 1),
      chain: header.chains.indexOf(chain),
    }
    this.reading = read(header, chain, this.input, this.cursor)
    if (!this.brief) this.panel?.show(this.reading, this.cursor, this.pinned)
    if (spoken) this.panel?.speak(this.reading)
    tellPointed(this)
    this.draw()
  }

  /** Show the answer of the cell under the cursor. */
  reveal() {
    if (!this.cursor || !this.reading) return
    this.predictions.reveal(this.cursor.chain, this.reading.cell)
    this.point(this.cursor)
  }

  /**
   * Light every cell of the input that a kernel cell has touched; null: none.
   *
   * @param {[rows: number[], columns: number[]] | null} lines
   */
  touch(lines) {
    this.touched = lines
    this.draw()
  }

  pin(cursor = this.cursor) {
    this.point(cursor, { swept: this.swept })
    this.kept = this.cursor
    this.settle()
  }

  free() {
    this.kept = null
    this.settle()
  }

  settle() {
    const { cursor, kept } = this
    this.link.tell(kept)
    if (this.reading && cursor) this.panel?.show(this.reading, cursor, this.pinned)
    tellPointed(this)
    this.draw()
  }

  /** Draw all panes in the next frame, once for any number of requests. */
  draw() {
    if (!this.message) return
    this.frame ||= requestAnimationFrame(() => this.drawNow())
  }

  /** Draw all panes now; the next frame only has to show them. */
  drawNow() {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    if (!this.panes.map(pane => pane.draw()).some(Boolean)) return
    countUp(document.documentElement, "cnnvizPainted")
    tellPainted(this.name)
  }
}
