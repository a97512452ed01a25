// One map on the screen: title, cells, legend, figures.

import { Chart } from "./chart.js"
import { gradient, rgb } from "../core/colour.js"
import { kernels } from "../core/kernel-thumbnail.js"
import { listen, zoomButtons } from "./gestures.js"
import { NUMBERS_FROM } from "../core/overlay.js"
import { drawMarks, drawNumbers, drawPadding, drawQuestions } from "./pane-drawing.js"
import { fit, inside, zoomed } from "./view.js"

const TALLEST = 1.3 // height ÷ width of a pane at the most
const LOWEST = 0.28
const PADDING_FROM = 3 // CSS pixels a cell, from which the padding is drawn

const GREYS = Uint32Array.from({ length: 256 }, (_, value) => rgb(value, value, value))

const make = (tag, name, parent, text = "") => {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  parent.append(element)
  return element
}

/** What is drawn of each cell: as it was sent, or of few numbers, which of them the cell has. */
function levels({ channels, height, width, offset, which }, plane) {
  const size = channels * height * width
  if (which === undefined) return plane(offset, size)
  const cells = new Uint16Array(plane(which, 2 * size).slice().buffer)
  const ofNumbers = plane(offset) // to the end: the cells say how many there are
  const found = new Uint8Array(size)
  for (let i = 0; i < size; i++) found[i] = ofNumbers[cells[i]]
  return found
}

export class Pane {
  constructor(board, parent) {
    this.board = board
    this.figure = make("figure", "map", parent)
    this.title = make("figcaption", "title", this.figure)
    this.window = make("div", "window", this.figure)
    zoomButtons(this, make("div", "tools", this.window))
    this.canvas = make("canvas", "cells", this.window)
    const legend = make("div", "legend", this.figure)
    this.low = make("span", "end", legend)
    this.bar = make("span", "bar", legend)
    this.zero = make("span", "zero", this.bar)
    this.high = make("span", "end", legend)
    this.figures = make("p", "figures", this.figure)
    this.image = document.createElement("canvas")
    this.window.tabIndex = 0
    this.window.setAttribute("role", "img")
    listen(this)
    this.width = 0 // CSS pixels; to ask for it while the panes are drawn would lay out the page each time
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

  /** Take what the message says of this pane. */
  load(pane, header, plane) {
    this.pane = pane
    this.header = header
    this.plane = plane
    this.exact = null
    this.bytes = levels(pane, plane)
    this.title.replaceChildren(make("span", "name", this.title, pane.title))
    this.title.hidden = !pane.title
    // Rows of maps stay level: where one pane of a row shows its kernel, the others leave room.
    this.title.classList.toggle("roomy", pane.chain !== null && header.chains.length > 1 && !header.linked)
    if (pane.role === "convolution" && pane.title) this.title.append(...kernels(this.chain, header, plane))
    this.low.textContent = pane.legend[0]
    this.zero.textContent = pane.legend[1]
    this.high.textContent = pane.legend[2]
    this.figures.textContent = pane.figures
    if (pane.chart) (this.chart ??= new Chart(this.figure)).load(pane.chart)
    else this.chart = this.chart?.remove()
    this.window.setAttribute("aria-label", pane.alt)
    this.restyle()
  }

  /** Colour the levels with the table of the present theme. */
  restyle() {
    if (!this.pane) return
    const { height, width, picture } = this.pane
    const { accent, colours } = this.board.theme(this.window)
    this.colours = picture ? GREYS : colours
    const { black = 0, white = 255 } = this.header.input ?? {}
    this.ground = this.colours[Math.round((255 * (0 - black)) / (white - black))]
    this.accent = accent
    this.bar.style.backgroundImage = gradient(this.colours, picture ? 256 : 255)
    this.paint(this.image, height, width)
    this.border = null
  }

  /** Colour an image of height × width cells; `place` gives the index in the map of a cell. */
  paint(canvas, height, width, place = null) {
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext("2d")
    const image = context.createImageData(width, height)
    const out = new Uint32Array(image.data.buffer)
    const { bytes, colours } = this
    if (!place && this.pane.channels === 1) {
      for (let i = 0; i < out.length; i++) out[i] = colours[bytes[i]] // most of the time goes here
    } else {
      const index = place ?? ((row, column) => row * width + column)
      for (let i = 0; i < out.length; i++) out[i] = this.colour(index(Math.floor(i / width), i % width))
    }
    context.putImageData(image, 0, 0)
  }

  /** The colour of the cell with that index; −1 is a zero of the padding. */
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
    return this.header.linked || this.pane.chain === null || this.pane.chain === this.board.cursor?.chain
  }

  /** Paint the part of the map that the board's view shows, and what is marked in it; say if so. */
  draw() {
    const width = (this.width ||= this.window.clientWidth)
    if (!this.pane || !width) return false
    const [top, left, bottom, right] = this.header.world
    const aspect = Math.min(TALLEST, Math.max(LOWEST, (bottom - top) / (right - left)))
    const height = Math.round(width * aspect)
    const dense = window.devicePixelRatio || 1
    if (this.canvas.width !== Math.round(width * dense) || this.canvas.height !== Math.round(height * dense)) {
      this.canvas.width = Math.round(width * dense)
      this.canvas.height = Math.round(height * dense)
      this.window.style.height = `${height}px`
    }
    this.size = [width, height]
    const at = fit(this.header.world, width, height, this.board.view)
    const [originRow, originColumn, rowStep, columnStep] = this.pane.place
    const context = this.canvas.getContext("2d")
    context.setTransform(dense, 0, 0, dense, 0, 0)
    context.clearRect(0, 0, width, height)
    const [cellWidth, cellHeight] = [columnStep * at.scale, rowStep * at.scale]
    const rectangle = (row, column) =>
      [at.x(originColumn + column * columnStep), at.y(originRow + row * rowStep), cellWidth, cellHeight]
    this.cellAt = (x, y) => [
      Math.floor((at.row(y) - originRow) / rowStep), Math.floor((at.column(x) - originColumn) / columnStep)]
    context.imageSmoothingEnabled = Math.min(cellWidth, cellHeight) * dense < 1
    if (this.pane.role === "picture" && at.scale >= PADDING_FROM) drawPadding(this, context, rectangle)
    context.drawImage(
      this.image, ...rectangle(0, 0).slice(0, 2), this.pane.width * cellWidth, this.pane.height * cellHeight)
    if (Math.min(cellWidth, cellHeight) >= NUMBERS_FROM) drawNumbers(this, context, rectangle)
    if (this.header.predict && ["convolution", "part"].includes(this.pane.role)) drawQuestions(this, context, rectangle)
    drawMarks(this, context, rectangle)
    this.chart?.draw(this)
    this.window.classList.toggle("zoomed", this.board.view.zoom > 1)
    this.window.classList.toggle("coarse", at.scale >= PADDING_FROM)
    return true
  }

  /** The cursor that a place on the pane means; null beside the map. */
  cursorAt(x, y) {
    const [row, column] = this.cellAt(x, y)
    const { height, width, stage } = this.pane
    if (row < 0 || column < 0 || row >= height || column >= width) return null
    return { stage, row, column, chain: this.pane.chain ?? this.board.cursor?.chain ?? 0 }
  }

  point(x, y) {
    this.board.point(this.cursorAt(x, y))
  }

  /** A click pins a cell and, on the same cell, frees it; a tap only points, a second one pins. */
  press(x, y, mouse) {
    const place = this.cursorAt(x, y)
    if (!place || !this.board.input) return
    const { cursor, pinned } = this.board
    const same = cursor && ["stage", "row", "column", "chain"].every(key => cursor[key] === place[key])
    if (pinned && same) this.board.free()
    else if (mouse || pinned || same) this.board.pin(place)
    else this.board.point(place)
  }

  /** Move the cursor by cells; one that stands in another pane comes here first. */
  step(rows, columns) {
    const { cursor } = this.board
    const { stage, chain } = this.pane
    const here = cursor?.stage === stage && this.isUnderCursor
    const lines = this.board.reading?.lines.map(traced => traced[stage]?.find(line => line >= 0) ?? 0) ?? [0, 0]
    const [row, column] = here ? [cursor.row + rows, cursor.column + columns] : lines
    this.board.point({ stage, row, column, chain: chain ?? cursor?.chain ?? 0 }, { always: true, spoken: true })
  }

  zoom(factor, x = this.size[0] / 2, y = this.size[1] / 2) {
    const { world } = this.header
    const at = fit(world, ...this.size, this.board.view)
    this.board.look(zoomed(this.board.view, factor, at.column(x), at.row(y), world, ...this.size))
  }

  pan(dx, dy) {
    const { scale } = fit(this.header.world, ...this.size, this.board.view)
    const { zoom, x, y } = this.board.view
    this.board.look(inside({ zoom, x: x - dx / scale, y: y - dy / scale }, this.header.world))
  }
}
