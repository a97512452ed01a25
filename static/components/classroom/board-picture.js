// @ts-check
// The picture of a board on a canvas of its own, on which a class taps and its taps are shown.

import { make, pen } from "../core/dom.js"
import { AMBER } from "../core/overlay.js"
import { pictureOf } from "./askable.js"

/** @typedef {[row: number, column: number]} Place */

const MARK = 12 // CSS pixels per side, at least

export class Picture {
  /**
   * @param {ParentNode} parent
   * @param {string} name Of the board.
   */
  constructor(parent, name) {
    this.canvas = make("canvas", "taps", parent)
    this.name = name
    this.size = { height: 1, width: 1 }
    /** @type {{ place: Place, kind: "mine" | "truth" }[]} */
    this.marks = []
    /** @type {HTMLCanvasElement | null} */
    this.over = null
    this.sized = new ResizeObserver(() => this.draw())
    this.sized.observe(this.canvas)
  }

  /** The cell at a point on the canvas. @param {{ offsetX: number, offsetY: number }} event @returns {Place} */
  at({ offsetX, offsetY }) {
    const { height, width } = this.size
    const within = (/** @type {number} */ share, /** @type {number} */ cells) =>
      Math.min(cells - 1, Math.max(0, Math.floor(share * cells)))
    return [within(offsetY / this.canvas.clientHeight, height), within(offsetX / this.canvas.clientWidth, width)]
  }

  draw() {
    const shown = pictureOf(this.name)
    const { canvas } = this
    canvas.hidden = !shown // no place without a picture
    if (!shown) return
    this.size = shown
    canvas.style.aspectRatio = `${shown.width} / ${shown.height}`
    const wide = canvas.clientWidth
    if (!wide) return
    const tall = (wide * shown.height) / shown.width
    const dense = window.devicePixelRatio || 1
    canvas.width = Math.round(wide * dense)
    canvas.height = Math.round(tall * dense)
    const context = pen(canvas)
    context.scale(dense, dense)
    context.imageSmoothingEnabled = shown.width > wide
    context.drawImage(shown.image, 0, 0, wide, tall)
    context.imageSmoothingEnabled = true
    if (this.over) context.drawImage(this.over, 0, 0, wide, tall)
    const cell = wide / shown.width
    const accent = getComputedStyle(canvas).getPropertyValue("--st-primary-color")
    for (const { kind, place: [row, column] } of this.marks) {
      const side = Math.max(cell, MARK)
      const box = /** @type {const} */ ([(column + 0.5) * cell - side / 2, (row + 0.5) * cell - side / 2, side, side])
      context.lineWidth = 6
      context.strokeStyle = "rgb(0 0 0 / 60%)"
      context.strokeRect(...box)
      context.lineWidth = 3
      context.strokeStyle = kind === "truth" ? AMBER : accent
      context.strokeRect(...box)
    }
  }

  remove() {
    this.sized.disconnect()
  }
}
