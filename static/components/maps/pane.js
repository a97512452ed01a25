// @ts-check
// One map on the screen: title, cells, legend, figures.

import { GREYS, gradient, paint, coloured, rgb } from "../core/colour.js"
import { make, pen, setText } from "../core/dom.js"
import { kernels } from "../core/kernel-thumbnail.js"
import { Chart } from "./chart.js"
import { listen, zoomButtons } from "./gestures.js"
import { PADDING_FROM, drawCells } from "./pane-drawing.js"
import { fit, shape } from "./view.js"

/** @import { Plane } from "../core/message.js" */
/** @import { Board } from "./board.js" */
/** @import { Chain, Header, PaneHeader } from "./header.js" */

/**
 * Whether the name of a map tells which kernel made it.
 *
 * @param {Chain | null | undefined} chain
 * @param {string} name
 */
export const isNamedAfter = (chain, name) => Boolean(chain?.title) && name.includes(/** @type {Chain} */ (chain).title)

/**
 * The level of each cell: as it was sent or, if there are few different numbers, looked up by index.
 *
 * @param {PaneHeader} pane
 * @param {Plane} plane
 */
function levels({ channels, height, width, offset, which }, plane) {
  const size = channels * height * width
  if (which === undefined) return plane(offset, size)
  const cells = new Uint16Array(plane(which, 2 * size).slice().buffer)
  const ofNumbers = plane(offset) // to the end: the plane of cells shows how many there are
  const found = new Uint8Array(size)
  for (let i = 0; i < size; i++) found[i] = ofNumbers[cells[i]]
  return found
}

export class Pane {
  /**
   * @param {Board} board
   * @param {HTMLElement} parent
   */
  constructor(board, parent) {
    this.board = board
    this.figure = make("figure", "map", parent)
    this.title = make("figcaption", "title", this.figure)
    this.window = make("div", "window", this.figure)
    zoomButtons(this, make("div", "tools", this.window))
    this.canvas = make("canvas", "cells", this.window)
    const legend = make("div", "legend", this.figure)
    const [number, called, rest] = ["number", "called", "rest"].map(name => make("span", name, legend))
    this.named = [number, called, make("span", "size", rest)]
    const range = make("span", "range", rest)
    this.low = make("span", "end", range)
    this.bar = make("span", "bar", range)
    this.zero = make("span", "zero", this.bar)
    this.high = make("span", "end", range)
    this.figures = make("p", "figures", this.figure)
    this.image = document.createElement("canvas")
    this.window.tabIndex = 0
    this.window.setAttribute("role", "group")
    listen(this)
    /** @type {PaneHeader} */
    this.pane
    /** @type {Header} */
    this.header
    /** @type {Plane} */
    this.plane
    /** @type {Uint8Array} */
    this.bytes = this.painted = new Uint8Array()
    this.titled = this.barred = "" // what the title and the colour bar already show
    /** @type {Float64Array | null} */
    this.exact = null
    /** @type {Chart | undefined} */
    this.chart
    /** @type {{ key: string, canvas: HTMLCanvasElement } | null} */
    this.border = null // the padding as it was last drawn
    /** @type {Uint32Array} */
    this.colours = GREYS
    this.ground = 0 // the colour of 0
    this.accent = ""
    /** @type {[width: number, height: number]} */
    this.size = [0, 0]
    /** @type {(x: number, y: number) => [row: number, column: number]} */
    this.cellAt = () => [-1, -1]
    this.width = 0 // CSS pixels; measured beforehand, since asking while panes are drawn would force a layout each time
    this.resize = new ResizeObserver(([{ contentRect }]) => {
      const width = Math.round(contentRect.width)
      if (width === this.width) return
      this.width = width
      board.draw()
    })
    this.resize.observe(this.window)
  }

  remove() {
    this.resize.disconnect()
    this.figure.remove()
  }

  /**
   * Take the part of the message about this pane.
   *
   * @param {PaneHeader} pane
   * @param {Header} header
   * @param {Plane} plane
   */
  load(pane, header, plane) {
    this.pane = pane
    this.header = header
    this.plane = plane
    this.exact = null
    this.bytes = levels(pane, plane)
    this.writeTitle()
    this.name(this.figure.parentElement?.dataset ?? {})
    setText(this.low, pane.legend[0])
    setText(this.zero, pane.legend[1])
    setText(this.high, pane.legend[2])
    setText(this.figures, pane.figures)
    if (pane.chart) (this.chart ??= new Chart(this.figure)).load(pane.chart)
    else this.chart = this.chart?.remove()
    this.window.setAttribute("aria-label", pane.alt)
    this.restyle()
  }

  /** Write the title above the map, and its kernel; both stay while unchanged. */
  writeTitle() {
    const { board: { message }, chain, header, pane: { chain: own, role, title }, plane } = this
    const table = role === "convolution" && title && chain && message && header.kernelTable
    const theme = table && this.board.themes.of(message, this.window).theme
    const written = JSON.stringify([title, theme && [theme, chain?.matrices]])
    // To keep a row of maps level, all panes leave room for a kernel if one of them shows its own.
    this.title.classList.toggle("roomy", own !== null && header.chains.length > 1 && !header.linked)
    this.title.hidden = !title
    if (written === this.titled) return
    this.titled = written
    this.title.replaceChildren(make("span", "name", null, title))
    if (table && chain && theme) this.title.append(...kernels(chain, table[theme], plane))
  }

  /**
   * In a block, name the stage in the line below the map, with the number that is also on its
   * controls.
   *
   * @param {DOMStringMap} place
   */
  name({ name = "", number = "" }) {
    const { height, title, width } = this.pane
    const texts = [number, title || name, `${height}\u00a0×\u00a0${width}`]
    this.named.forEach((part, i) => {
      part.hidden = !name
      setText(part, texts[i])
    })
  }

  /**
   * Hide the map, from screen readers too, or show it; also its kernel, and its name if that names the kernel.
   *
   * @param {boolean} covered
   * @param {boolean} unnamed
   */
  cover(covered, unnamed) {
    const { alt, chain } = this.pane
    const isHidden = unnamed && chain !== null
    const called = this.named[1]
    this.figure.classList.toggle("covered", covered)
    this.figure.classList.toggle("unnamed", isHidden)
    called.classList.toggle("kernel", isNamedAfter(this.chain, called.textContent ?? ""))
    this.window.setAttribute("aria-label", covered ? "Hidden until it is answered." : isHidden ? "A map of the picture." : alt)
  }

  /** Colour the levels with the table of the current theme. */
  restyle() {
    const { message } = this.board
    if (!this.pane || !message) return
    const { channels, grey, height, width, picture } = this.pane
    const { accent, colours } = this.board.themes.of(message, this.window)
    this.colours = grey ? GREYS : colours
    const { black, white } = this.header.input ?? { black: 0, white: 255 }
    this.ground = this.colours[Math.round((255 * (0 - black)) / (white - black))]
    this.accent = accent
    const bar = gradient(this.colours, picture ? 256 : 255)
    if (bar !== this.barred) this.bar.style.backgroundImage = this.barred = bar
    this.border = null
    if (picture && this.isPainted()) return
    if (channels === 1) paint(this.image, [height, width], coloured(this.bytes, this.colours))
    else this.paint(this.image, height, width, (row, column) => row * width + column)
  }

  /** Whether exactly these levels are painted; a picture stays while the user changes later stages. */
  isPainted() {
    const { bytes, painted, pane: { height, width } } = this
    this.painted = bytes
    const { image } = this
    if (image.width !== width || image.height !== height || bytes.length !== painted.length) return false
    for (let i = 0; i < bytes.length; i++) if (bytes[i] !== painted[i]) return false // takes a tenth of the time of `every`
    return true
  }

  /**
   * Colour an image of height × width cells; `place` gives the index of a cell in the map.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {number} height
   * @param {number} width
   * @param {(row: number, column: number) => number} place
   */
  paint(canvas, height, width, place) {
    paint(canvas, [height, width], out => {
      for (let i = 0; i < out.length; i++) out[i] = this.colour(place(Math.floor(i / width), i % width))
    })
  }

  /**
   * The colour of the cell with that index; −1 is a zero of the padding.
   *
   * @param {number} index
   */
  colour(index) {
    if (index < 0) return this.ground
    if (this.pane.channels === 1) return this.colours[this.bytes[index]]
    const size = this.pane.height * this.pane.width
    return rgb(this.bytes[index], this.bytes[size + index], this.bytes[2 * size + index])
  }

  /** The chain this pane belongs to; the picture belongs to the one under the cursor. */
  get chain() {
    return this.pane.chain === null ? this.board.chain : this.header.chains[this.pane.chain]
  }

  get isUnderCursor() {
    return Boolean(this.header.linked) || this.pane.chain === null || this.pane.chain === this.board.cursor?.chain
  }

  /** Paint the part of the map in the board's view, with its marks; return whether anything was painted. */
  draw() {
    const width = (this.width ||= this.window.clientWidth)
    if (!this.pane || !width) return false
    const dense = this.fitCanvas(width)
    const at = fit(this.header.world, ...this.size, this.board.view)
    const [originRow, originColumn, rowStep, columnStep] = this.pane.place
    this.cellAt = (x, y) => [
      Math.floor((at.row(y) - originRow) / rowStep), Math.floor((at.column(x) - originColumn) / columnStep)]
    const context = pen(this.canvas)
    context.setTransform(dense, 0, 0, dense, 0, 0)
    context.clearRect(0, 0, ...this.size)
    const [cellWidth, cellHeight] = [columnStep * at.scale, rowStep * at.scale]
    context.imageSmoothingEnabled = Math.min(cellWidth, cellHeight) * dense < 1
    drawCells(this, context, at.scale, (row, column) =>
      [at.x(originColumn + column * columnStep), at.y(originRow + row * rowStep), cellWidth, cellHeight])
    if (!this.board.brief) this.chart?.draw(this)
    this.window.classList.toggle("zoomed", this.board.view.zoom > 1)
    this.window.classList.toggle("coarse", at.scale >= PADDING_FROM)
    return true
  }

  /**
   * Give the canvas its size; return how many of its pixels make a CSS pixel.
   *
   * @param {number} width
   */
  fitCanvas(width) {
    const height = Math.round(width * shape(this.header.world))
    const dense = window.devicePixelRatio || 1
    const [across, down] = [Math.round(width * dense), Math.round(height * dense)]
    if (this.canvas.width !== across || this.canvas.height !== down) {
      this.canvas.width = across
      this.canvas.height = down
      this.window.style.height = `${height}px`
    }
    this.size = [width, height]
    return dense
  }
}
