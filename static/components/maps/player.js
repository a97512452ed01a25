// @ts-check
// The window on its way: play, pause, step, scrub, speed, pin.

import { describe, make, makeButton } from "../core/dom.js"
import { extent } from "./arithmetic.js"

/** @import { Board } from "./board.js" */
/** @import { Cursor } from "./header.js" */
/** @import { Reading } from "./reading.js" */

const SPEEDS = [1, 5, 25] // steps a second
const MOST_FLASHES = 3 // a second, where the window is a large part of the pane
const LARGE = 0.02 // of the map, from which a step of the window is a flash

export class Player {
  /**
   * @param {HTMLElement} root
   * @param {Board} board
   */
  constructor(root, board) {
    this.board = board
    this.speed = 0
    this.timer = 0
    this.stage = 1 // whose cells the window goes through
    this.columns = this.count = 1
    this.share = 0 // of the map that the window covers
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
    this.pinned = makeButton(root, "pill", "Pin", () => (board.pinned ? board.free() : board.pin()), "Keep this cell")
  }

  /**
   * Follow the cursor.
   *
   * @param {Reading} reading
   * @param {Cursor} cursor
   * @param {boolean} pinned
   */
  show({ chain, cell, pooled, poolings }, cursor, pinned) {
    // Where kinds of pooling are compared, the window that goes is that of the pooling.
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
    this.place.textContent = `row ${cursor.row}, column ${cursor.column}`
    this.pinned.textContent = pinned ? "Pinned" : "Pin"
    this.pinned.setAttribute("aria-pressed", String(pinned))
  }

  play() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    const most = still ? 1 : this.share > LARGE ? MOST_FLASHES : Infinity
    clearInterval(this.timer)
    this.timer = window.setInterval(() => this.step(1), 1000 / Math.min(SPEEDS[this.speed], most))
    this.toggle.textContent = "❚❚"
    describe(this.toggle, "Pause")
  }

  pause() {
    clearInterval(this.timer)
    this.timer = 0
    this.toggle.textContent = "▶"
    describe(this.toggle, "Play")
  }

  next() {
    this.speed = (this.speed + 1) % SPEEDS.length
    this.faster.textContent = `${SPEEDS[this.speed]}×`
    if (this.timer) this.play()
  }

  /** @param {number} by */
  step(by) {
    this.go((Number(this.scrub.value) + by + this.count) % this.count)
  }

  /** @param {number} position */
  go(position) {
    const [row, column] = [Math.floor(position / this.columns), position % this.columns]
    this.board.point({ stage: this.stage, row, column, chain: this.board.cursor?.chain ?? 0 }, { always: true })
  }
}
