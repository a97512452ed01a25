// @ts-check
// The controls of the moving window: play, pause, step, scrub, speed, pin. While it plays, it goes row by
// row, and the maps appear behind it.

import { describe, make, makeButton, setText } from "../core/dom.js"
import { wantsRest } from "../core/motion.js"
import { extent } from "./arithmetic.js"
import { pace } from "./sweep.js"

/** @import { Board } from "./board.js" */
/** @import { Cursor } from "./header.js" */
/** @import { Reading } from "./reading.js" */

const SPEEDS = [1, 2, 4]
const ALONE = 1 // steps a second for users who prefer reduced motion
const GLIDE = 2 // seconds, on a first visit

export class Player {
  /**
   * @param {HTMLElement} root
   * @param {Board} board
   */
  constructor(root, board) {
    this.board = board
    this.speed = 0
    this.timer = 0 // for the next step; 0 at rest
    this.rate = 0 // cells a second
    this.when = 0 // the time of the last frame
    this.position = 0 // the index of the window's cell, with a fraction
    this.halfway = false // whether it is paused midway
    /** @type {Cursor | null} */
    this.before = null // the cell in hand before the glide
    this.then = () => {} // called after the glide
    this.stage = 1 // the stage whose cells the window visits
    this.columns = this.count = 1
    this.share = 0 // share of the map that the window covers
    makeButton(root, "", "◂", () => { this.pause(); this.step(-1) }, "One step back")
    this.toggle = makeButton(root, "", "▶", () => (this.timer ? this.pause() : this.play()), "Play")
    makeButton(root, "", "▸", () => { this.pause(); this.step(1) }, "One step forward")
    this.scrub = make("input", "", root)
    this.scrub.type = "range"
    this.scrub.min = "0"
    this.scrub.setAttribute("aria-label", "Position of the window")
    this.scrub.oninput = () => { this.pause(); this.go(Number(this.scrub.value)) }
    this.place = make("span", "place", root)
    this.faster = makeButton(root, "pill faster", "1×", () => this.next(), "Speed")
    this.pinned = makeButton(root, "pill", "Pin", () => (board.pinned ? board.free() : board.pin()), "Keep this cell: pointing elsewhere returns to it")
  }

  /**
   * Follow the cursor.
   *
   * @param {Reading} reading
   * @param {Cursor} cursor
   * @param {boolean} pinned
   */
  show({ chain, cell, pooled, poolings }, cursor, pinned) {
    // If kinds of pooling are compared, the window that moves is the pooling's.
    const compared = poolings.length > 1 && pooled && chain.pooling
    this.stage = compared ? 3 : 1
    const [row, column] = compared ? pooled.cell : cell
    const [rows, columns] = compared ? chain.sizes.pooled : chain.sizes.features
    const [height, width] = chain.pooling && compared ? chain.pooling.window : extent(chain)
    this.columns = columns
    this.count = rows * columns
    this.share = (height * width) / this.count
    const position = row * columns + column
    this.scrub.max = String(this.count - 1)
    this.scrub.value = String(position)
    this.scrub.style.setProperty("--done", `${(100 * position) / (this.count - 1 || 1)}%`)
    setText(this.place, `row ${cursor.row}, column ${cursor.column}`)
    setText(this.pinned, pinned ? "Pinned" : "Pin")
    this.pinned.setAttribute("aria-pressed", String(pinned))
  }

  get isStill() {
    return wantsRest()
  }

  pace() {
    return this.isStill ? ALONE : pace(this.count, this.share, SPEEDS[this.speed])
  }

  /** Continue, or start at the first cell. */
  play() {
    this.rate = this.pace()
    this.position = this.halfway || this.isStill ? Number(this.scrub.value) : 0
    this.start()
  }

  /**
   * Go over the whole map once, and return to the cell that was in hand; then call `then`.
   *
   * @param {() => void} then
   */
  glide(then) {
    if (this.isStill || this.count < 2) return then()
    this.then = then
    this.before = this.board.cursor
    this.rate = this.count / GLIDE
    this.position = 0
    this.start()
  }

  start() {
    cancelAnimationFrame(this.timer)
    this.when = performance.now()
    this.timer = requestAnimationFrame(now => this.tick(now))
    this.toggle.textContent = "❚❚"
    describe(this.toggle, "Pause")
    this.at(Math.floor(this.position))
  }

  /** @param {number} now */
  tick(now) {
    this.timer = requestAnimationFrame(then => this.tick(then))
    const shown = Math.floor(this.position)
    this.position += (this.rate * Math.max(0, now - this.when)) / 1000
    this.when = now
    const position = Math.floor(this.position)
    if (position >= this.count) return this.arrive()
    if (position !== shown) this.at(position)
  }

  /** The window has arrived: everything is uncovered. */
  arrive() {
    const { before } = this
    this.pause()
    this.halfway = false
    if (before) {
      this.board.point(before)
      this.then()
    } else this.go(this.count - 1)
  }

  /** Skip the rest of the way over the map. */
  skip() {
    if (this.before) this.arrive()
  }

  pause() {
    cancelAnimationFrame(this.timer)
    this.halfway ||= this.timer !== 0 && !this.before
    this.timer = 0
    this.before = null
    this.toggle.textContent = "▶"
    describe(this.toggle, "Play")
  }

  next() {
    this.speed = (this.speed + 1) % SPEEDS.length
    this.faster.textContent = `${SPEEDS[this.speed]}×`
    if (this.timer && !this.before) this.rate = this.pace()
  }

  /** @param {number} by */
  step(by) {
    this.go((Number(this.scrub.value) + by + this.count) % this.count)
  }

  /**
   * Show a cell; if one is pinned, the pin moves along, and the link with it.
   *
   * @param {number} position
   */
  go(position) {
    this.halfway = false
    this.board.point(this.cursorAt(position))
    if (this.board.kept) this.board.pin()
  }

  /**
   * Show a cell on the way.
   *
   * @param {number} position
   */
  at(position) {
    this.board.point(this.cursorAt(position), { swept: this.isStill || this.stage !== 1 ? null : position })
    if (this.board.kept && !this.before) this.board.pin()
  }

  /**
   * @param {number} position
   * @returns {Cursor}
   */
  cursorAt(position) {
    const [row, column] = [Math.floor(position / this.columns), position % this.columns]
    return { stage: this.stage, row, column, chain: this.board.cursor?.chain ?? 0 }
  }
}
