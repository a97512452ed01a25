// @ts-check
// All maps of a network on one canvas, from one message. Pointing at a cell lights what it sees in every
// layer before it; beside the maps the picture stays in sight.

import { isDark, isOnPaper } from "../core/colour.js"
import { find, make, makeButton, setText } from "../core/dom.js"
import { unpack } from "../core/message.js"
import { wantsRest } from "../core/motion.js"
import { Mounts } from "../core/mounts.js"
import { countUp, tellPainted } from "../core/painted.js"
import { hand } from "../live/hand.js"
import { Canvas } from "./drawing.js"
import { Filter } from "./filter-weights.js"
import { placeOf } from "./layer-row.js"
import { layout, rectangle } from "./layout.js"
import { overviews, recover } from "./on-page.js"
import { listen } from "./pointing.js"
import { onPaper } from "./print.js"
import { reading } from "./reading.js"
import { colouring, inColour, thumbnails } from "./thumbnails.js"
import { trace } from "./trace.js"

/** @import { Component } from "../core/component.js" */
/** @import { Message, Plane } from "../core/message.js" */
/** @import { Thumbnails } from "./thumbnails.js" */
/** @import { Place } from "./layout.js" */
/** @import { Cell, Header, LayerRow } from "./layer-row.js" */

const APPEARS = 150 // ms to wait until the part that a choice opens is on the page
const TALL = 40 // CSS pixels: the least height at which that part counts as there

const mounts = new Mounts(root => new Overview(find(root, ".overview")))

export const isThemed = true

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const overview = mounts.of(parentElement)
  overview.send = cell => setTriggerValue("chosen", cell)
  /** @type {Message<Header>} */
  const message = unpack(data)
  const { name } = message.header
  const leave = hand.receive(name, parentElement, bytes => overview.show(unpack(bytes)))
  hand.run(name, () => overview.show(message))
  return () => {
    leave()
    overview.remove()
    mounts.forget(parentElement)
  }
}

export class Overview {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    root.replaceChildren()
    this.sheet = make("div", "sheet", root)
    this.sheet.tabIndex = 0
    this.sheet.setAttribute("role", "group")
    this.canvas = new Canvas(make("canvas", "maps", this.sheet))
    /** @type {Head[]} */
    this.made = [] // the lines above the layers, reused
    const side = make("div", "side", root)
    this.above = make("p", "above", side, "Receptive field")
    this.picture = new Canvas(make("canvas", "picture", side))
    this.filter = new Filter(side)
    this.reading = make("p", "reading", side)
    this.open = makeButton(side, "open", "Open this cell", () => this.choose())
    this.spoken = make("p", "spoken", root)
    this.spoken.setAttribute("role", "status")
    /** @type {(cell: string) => void} */
    this.send = () => {}
    /** @type {Header} */
    this.header
    /** @type {LayerRow[]} */
    this.layers = []
    this.shape = ""
    /** @type {Thumbnails[]} */
    this.thumbnails = []
    /** @type {(Float32Array | null)[]} */
    this.exact = []
    /** @type {(Head | null)[]} */
    this.heads = []
    /** @type {Place[]} */
    this.places = []
    this.pictureAt = -1
    /** @type {Cell | null} */
    this.chosen = null
    /** @type {Cell | null} */
    this.cell = null // the cell in hand
    this.awaiting = "" // the part that a choice opens
    this.covered = Infinity // the layer from which on rows are hidden while a class is asked about them
    this.frame = 0
    /** @type {Plane} */
    this.plane
    overviews.add(this)
    listen(this)
    this.endPrint = onPaper(root, () => this)
    this.sizes = new ResizeObserver(() => this.place())
    this.sizes.observe(this.sheet)
    // For tests: the middle of a cell on the sheet.
    Object.assign(root, { placeOf: (/** @type {number[]} */ ...cell) => this.middleOf(cell) })
  }

  /** @param {number[]} cell LayerRow, channel, row, column. */
  middleOf([layer, channel, row, column]) {
    const one = this.layers[layer]
    const [x, y, w, h] = rectangle(this.places[layer], one.shape, placeOf(one, channel), [row, row], [column, column])
    return [x + w / 2, y + h / 2]
  }

  remove() {
    overviews.delete(this)
    this.endPrint()
    this.sizes.disconnect()
    cancelAnimationFrame(this.frame)
  }

  /** @param {Message<Header>} message */
  show({ header, plane }) {
    const { layers } = header
    const shape = JSON.stringify(layers.map(({ name, shape }) => [name, shape]))
    if (shape !== this.shape) this.cell = null
    Object.assign(this, { header, layers, shape })
    this.unpackStrips(plane)
    this.chosen = parse(header.chosen, layers)
    if (this.chosen && layers[this.chosen.layer].large) this.cell = this.chosen
    if (this.cell && placeOf(layers[this.cell.layer], this.cell.channel) < 0) this.cell = null
    this.writeHeads()
    recover()
    this.sheet.setAttribute("aria-label",
      `Maps of ${layers.length} ${layers.length === 1 ? "layer" : "layers"}. Arrow keys move the cell, with Shift to other maps; Enter opens it.`)
    this.place()
    if (this.awaiting) setTimeout(() => this.goToOpened(), APPEARS)
    countUp(document.documentElement, "cnnvizPainted")
    countUp(this.root, "painted")
    requestAnimationFrame(() => tellPainted("overview"))
  }

  /** @param {Plane} plane */
  unpackStrips(plane) {
    const { header, layers } = this
    this.plane = plane
    const colours = colouring(header, plane, isDark(this.root) ? "dark" : "light")
    this.thumbnails = layers.map((layer, i) => thumbnails(layer, plane, colours(layer), this.thumbnails[i]))
    this.exact = layers.map(({ drawn, exact, shape: [, height, width] }) =>
      exact === null ? null : new Float32Array(plane(exact, 4 * drawn * height * width).slice().buffer))
    this.pictureAt = layers.findIndex(layer => layer.picture)
  }

  /** Write the line above each layer. */
  writeHeads() {
    const drawn = this.layers.filter(({ aside }) => !aside)
    const { made } = this
    while (made.length > drawn.length) made.pop()?.head.remove()
    while (made.length < drawn.length) made.push(makeHead(this.sheet))
    this.heads = this.layers.map(layer => (layer.aside ? null : made[drawn.indexOf(layer)]))
    drawn.forEach(({ title, figures }, i) => {
      setText(made[i].title, title)
      setText(made[i].figures, figures)
    })
  }

  /**
   * Hide the layers from one on, while a class is asked about them.
   *
   * @param {number} layer
   */
  cover(layer) {
    if (layer === this.covered) return
    this.covered = layer
    this.draw()
  }

  /** The picture behind the layers, as drawn; null if there is none. */
  get pictured() {
    const at = this.pictureAt
    if (at < 0) return null
    const { shape: [channels, height, width], size } = this.layers[at]
    const { levels, maps } = this.thumbnails[at]
    return { image: channels === 3 ? inColour(levels, ...size) : maps[0], height, width }
  }

  /** Lay everything out for the current width. */
  place() {
    const width = this.sheet.clientWidth
    if (!this.layers.length || !width) return
    const { height, places } = layout(this.layers, this.heads.map(line => line?.head.offsetHeight ?? 0), width)
    this.places = places
    this.heads.forEach((line, i) => { if (line) line.head.style.top = `${places[i].head}px` })
    this.canvas.resize(width, height)
    this.draw()
  }

  /**
   * @param {Cell | null} cell
   * @param {{ spoken?: boolean }} [how]
   */
  point(cell, { spoken = false } = {}) {
    if (JSON.stringify(cell) === JSON.stringify(this.cell)) return
    this.cell = cell
    this.draw()
    if (spoken && cell) this.spoken.textContent = this.read(cell).join(" ")
  }

  /** @param {Cell} cell */
  read(cell) {
    const { layers, thumbnails, exact } = this
    const covered = cell.layer >= this.covered
    return reading(layers, cell, trace(layers, cell), { levels: thumbnails[cell.layer].levels, exact: exact[cell.layer], covered })
  }

  choose() {
    if (!this.cell || !this.header.choosable) return
    const { layer, channel, row, column } = this.cell
    this.send([this.layers[layer].name, channel, row, column].join(","))
    this.awaiting = this.header.target // wait until the opened part has arrived
    this.goToOpened()
  }

  /** Scroll to the part that a choice has opened, as soon as it is there. */
  goToOpened() {
    /** @type {HTMLElement | null} */
    const opened = this.awaiting ? document.querySelector(`.st-key-${this.awaiting}`) : null
    if (!opened || opened.offsetHeight < TALL) return
    this.awaiting = ""
    opened.scrollIntoView({ behavior: wantsRest() ? "auto" : "smooth", block: "start" })
  }

  /** Draw everything in the next frame, once for any number of requests. A print does not wait for a frame. */
  draw() {
    if (isOnPaper()) this.drawNow()
    else this.frame ||= requestAnimationFrame(() => this.drawNow())
  }

  drawNow() {
    this.frame = 0
    if (!this.places.length) return
    const { cell, pictureAt, layers, thumbnails } = this
    const regions = cell && trace(layers, cell)
    this.canvas.layers(this, regions)
    if (pictureAt >= 0) this.picture.picture(layers[pictureAt], thumbnails[pictureAt], regions?.[pictureAt])
    this.write()
  }

  write() {
    const { cell, header } = this
    this.above.hidden = this.picture.element.hidden = this.pictureAt < 0
    this.showFilter()
    this.open.hidden = !cell || !header.choosable
    const lines = cell ? this.read(cell) : [header.hint]
    this.reading.replaceChildren(...lines.map((text, i) => {
      const name = cell && i === 1 ? "value" : ""
      return make(cell && i === 0 ? "strong" : "span", name, null, i > 1 ? `${text} ` : text)
    }))
    // For tests: the cell pointed at, and what it sees of the picture.
    this.root.dataset.covered = Number.isFinite(this.covered) ? String(this.covered) : ""
    this.root.dataset.cell = cell ? JSON.stringify(cell) : ""
    this.root.dataset.field = cell ? JSON.stringify(trace(this.layers, cell)[this.pictureAt] ?? null) : ""
  }

  /** Show the filter of the weight under the pointer; without a picture, the first filter until then. */
  showFilter() {
    const { cell, layers } = this
    const at = cell ? cell.layer : this.pictureAt < 0 ? 0 : -1
    if (!layers[at]?.kernels || at >= this.covered) return this.filter.hide()
    this.filter.show(layers[at], cell, { exact: this.exact[at], ...this.thumbnails[at] })
  }
}

/** @typedef {ReturnType<typeof makeHead>} Head */

/** @param {HTMLElement} sheet */
function makeHead(sheet) {
  const head = make("div", "head", sheet)
  return { head, title: make("span", "title", head), figures: make("span", "figures", head) }
}

/**
 * The cell "name,channel,row,column" as the canvas counts it.
 *
 * @param {string | null} text
 * @param {LayerRow[]} layers
 * @returns {Cell | null}
 */
function parse(text, layers) {
  const [name, ...place] = (text ?? "").split(",")
  const layer = layers.findIndex(one => one.name === name)
  const [channel = 0, row = 0, column = 0] = place.map(Number)
  return layer < 0 ? null : { layer, channel, row, column }
}
