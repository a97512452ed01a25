// All maps of a network on one canvas, from one message. A cell that is pointed at lights what it
// sees in every strip before it; beside the maps the picture stays in sight.

import { chooser } from "./choice-receiver.js"
import { isDark, palette, rgb } from "../core/colour.js"
import { unpack } from "../core/message.js"
import { at, layout, rectangle } from "./layout.js"
import { Filter } from "./filter.js"
import { Canvas, thumbnails } from "./drawing.js"
import { reading } from "./reading.js"
import { trace } from "./trace.js"

const STILL = 8 // CSS pixels; a finger that moves less has tapped
const GREYS = Uint32Array.from({ length: 256 }, (_, value) => rgb(value, value, value))

const mounts = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Overview(parentElement))
  const overview = mounts.get(parentElement)
  overview.send = cell => setTriggerValue("chosen", cell)
  overview.show(unpack(data))
  return () => overview.remove()
}

const make = (tag, name, parent) => {
  const element = parent.appendChild(document.createElement(tag))
  element.className = name
  return element
}

class Overview {
  constructor(root) {
    this.mount = root
    this.root = root.querySelector(".overview")
    this.root.replaceChildren()
    this.sheet = make("div", "sheet", this.root)
    this.sheet.tabIndex = 0
    this.sheet.setAttribute("role", "group")
    this.canvas = new Canvas(make("canvas", "maps", this.sheet))
    this.made = [] // the lines above the strips, used again and again
    this.side = make("aside", "side", this.root)
    this.picture = new Canvas(make("canvas", "picture", this.side))
    this.filter = new Filter(this.side)
    this.reading = make("p", "reading", this.side)
    this.open = make("button", "open", this.side)
    this.open.type = "button"
    this.open.textContent = "Open this cell"
    this.open.onclick = () => this.choose()
    this.spoken = make("p", "spoken", this.root)
    this.spoken.setAttribute("role", "status")
    this.cell = null
    this.frame = 0
    // For tests: the middle of a cell on the sheet.
    this.root.placeOf = (strip, channel, row, column) => {
      const [x, y, w, h] = rectangle(this.layout.places[strip], this.strips[strip].shape, channel, [row, row], [column, column])
      return [x + w / 2, y + h / 2]
    }
    this.listen()
    this.sizes = new ResizeObserver(() => this.place())
    this.sizes.observe(this.sheet)
  }

  remove() {
    this.sizes.disconnect()
    cancelAnimationFrame(this.frame)
    mounts.delete(this.mount)
  }

  show({ header, plane }) {
    const { strips, chosen } = header
    const shape = JSON.stringify(strips.map(({ name, shape }) => [name, shape]))
    if (shape !== this.shape) this.cell = null
    Object.assign(this, { header, strips, shape })
    const theme = isDark(this.root) ? "dark" : "light"
    const signed = palette(plane(header.table[theme], 3 * 256))
    const weights = palette(plane(header.kernelTable[theme], 3 * 256))
    this.thumbnails = strips.map(strip =>
      thumbnails(strip, plane, strip.picture ? GREYS : strip.kernels ? weights : signed))
    this.exact = strips.map(({ drawn, exact, shape: [, height, width] }) =>
      exact === null ? null : new Float32Array(plane(exact, 4 * drawn * height * width).slice().buffer))
    this.levels = strips.map(({ offset, size, drawn }) => plane(offset, drawn * size[0] * size[1]))
    this.pictureAt = strips.findIndex(strip => strip.picture)
    this.chosen = parse(chosen, strips)
    if (this.chosen && strips[this.chosen.strip].large) this.cell = this.chosen
    const [drawn, made] = [strips.filter(({ aside }) => !aside), this.made]
    while (made.length > drawn.length) made.pop().head.remove()
    while (made.length < drawn.length) made.push(head(this.sheet))
    this.heads = strips.map(strip => (strip.aside ? null : made[drawn.indexOf(strip)]))
    drawn.forEach(({ title, figures }, i) => {
      made[i].title.textContent = title
      made[i].figures.textContent = figures
    })
    this.sheet.setAttribute("aria-label",
      `Maps of ${strips.length} layers. Arrow keys move the cell, with Shift to other maps; Enter opens it.`)
    this.place()
    if (this.awaiting) setTimeout(() => this.goToOpened(), 150)
    const root = document.documentElement.dataset
    root.cnnvizPainted = Number(root.cnnvizPainted ?? 0) + 1
    this.root.dataset.painted = Number(this.root.dataset.painted ?? 0) + 1
    requestAnimationFrame(() => document.dispatchEvent(new CustomEvent("cnnviz:painted", { detail: "overview" })))
  }

  /** Lay everything out for the present width. */
  place() {
    if (!this.strips || !this.sheet.clientWidth) return
    const width = this.sheet.clientWidth
    this.layout = layout(this.strips, this.heads.map(line => line?.head.offsetHeight ?? 0), width)
    this.heads.forEach((line, i) => { if (line) line.head.style.top = `${this.layout.places[i].head}px` })
    this.canvas.resize(width, this.layout.height)
    this.draw()
  }

  point(cell, { spoken = false } = {}) {
    if (JSON.stringify(cell) === JSON.stringify(this.cell)) return
    this.cell = cell
    this.draw()
    if (spoken && cell) this.spoken.textContent = this.read().join(" ")
  }

  read() {
    const { strips, levels, exact, cell } = this
    return reading(strips, cell, trace(strips, cell), { levels: levels[cell.strip], exact: exact[cell.strip] })
  }

  choose() {
    if (!this.cell || !this.header.choosable) return
    const { strip, channel, row, column } = this.cell
    const send = chooser(this.header.chooser) ?? this.send
    send([this.strips[strip].name, channel, row, column].join(","))
    this.awaiting = this.header.target // what is opened has to come first
    this.goToOpened()
  }

  /** Scroll to what a choice has opened, as soon as it is there. */
  goToOpened() {
    const opened = this.awaiting && document.querySelector(`.st-key-${this.awaiting}`)
    if (!opened || opened.offsetHeight < 40) return
    this.awaiting = ""
    opened.scrollIntoView({ behavior: "smooth", block: "start" })
  }

  /** Draw everything in the next frame; many wishes make one drawing. */
  draw() {
    if (this.frame) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      if (!this.layout) return
      const regions = this.cell && trace(this.strips, this.cell)
      this.canvas.strips(this, regions)
      if (this.pictureAt >= 0) this.picture.picture(this, regions?.[this.pictureAt])
      this.write()
    })
  }

  write() {
    const { cell, header } = this
    this.picture.element.hidden = this.pictureAt < 0
    this.showFilter()
    this.open.hidden = !cell || !header.choosable
    const lines = cell ? this.read() : [header.hint]
    this.reading.replaceChildren(...lines.map((text, i) => {
      const part = document.createElement(cell && i === 0 ? "strong" : "span")
      if (cell && i === 1) part.className = "value"
      part.textContent = i > 1 ? `${text} ` : text
      return part
    }))
    // For tests: what is pointed at, and what it sees of the picture.
    this.root.dataset.cell = cell ? JSON.stringify(cell) : ""
    this.root.dataset.field = cell ? JSON.stringify(trace(this.strips, cell)[this.pictureAt] ?? null) : ""
  }

  /** The filter of the weight that is pointed at; where there is no picture, the first until then. */
  showFilter() {
    const { cell, strips } = this
    const at = cell ? cell.strip : this.pictureAt < 0 ? 0 : -1
    const strip = strips[at]?.kernels ? strips[at] : null
    this.filter.show(strip, cell ?? undefined, { exact: this.exact[at], ...this.thumbnails[at] })
  }

  listen() {
    const { sheet } = this
    let pressed = null
    const under = event => {
      const box = sheet.getBoundingClientRect()
      return this.layout && at(this.layout, this.strips, event.clientX - box.left, event.clientY - box.top)
    }
    sheet.onpointermove = event => { if (event.pointerType === "mouse") this.point(under(event) ?? this.cell) }
    sheet.onpointerdown = event => { pressed = event }
    sheet.onpointerup = event => {
      const moved = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY)
      const cell = under(event)
      if (!pressed || moved > STILL || !cell) return
      this.point(cell)
      const touched = event.pointerType !== "mouse"
      this.open.classList.toggle("touched", touched)
      if (!touched) this.choose() // a finger points first, and then has a button
    }
    sheet.onkeydown = event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const arrow = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key]
      if (event.key === "Escape") this.point(null)
      else if (event.key === "Enter") this.choose()
      else if (arrow) this.step(arrow, event.shiftKey)
      else return
      event.preventDefault()
    }
  }

  /** Go to the next cell; at the edge of a map, and always with Shift, to the next map or strip. */
  step([down, right], far) {
    if (!this.cell) return this.point({ strip: this.strips.findIndex(({ aside }) => !aside), channel: 0, row: 0, column: 0 }, { spoken: true })
    const { strip, channel, row, column } = this.cell
    const { drawn: count, shape: [, height, width] } = this.strips[strip]
    const inside = (value, size) => Math.min(Math.max(value, 0), size - 1)
    const [nextRow, nextColumn] = [row + down, column + right]
    let cell = { strip, channel, row: nextRow, column: nextColumn }
    if (far || nextRow < 0 || nextRow >= height || nextColumn < 0 || nextColumn >= width) {
      if (right) cell = { strip, channel: inside(channel + right, count), row, column }
      else {
        const next = inside(strip + down, this.strips.length)
        if (this.strips[next].aside) return
        const { drawn: channels, shape: [, rows, columns] } = this.strips[next]
        const scaled = (value, from, to) => inside(Math.floor(((value + 0.5) / from) * to), to)
        cell = {
          strip: next, channel: inside(channel, channels),
          row: scaled(row, height, rows), column: scaled(column, width, columns),
        }
      }
    }
    this.point(cell, { spoken: true })
    const place = this.layout.places[cell.strip]
    const [, y] = rectangle(place, this.strips[cell.strip].shape, cell.channel, [cell.row, cell.row], [0, 0])
    const top = this.sheet.getBoundingClientRect().top + y
    if (top < 80 || top > window.innerHeight - 80) this.heads[cell.strip].head.scrollIntoView({ block: "center" })
  }
}

function head(sheet) {
  const line = make("div", "head", sheet)
  return { head: line, title: make("span", "title", line), figures: make("span", "figures", line) }
}

/** The cell "name,channel,row,column" as the canvas counts it, or null. */
function parse(text, strips) {
  const [name, ...place] = (text ?? "").split(",")
  const strip = strips.findIndex(one => one.name === name)
  const [channel, row, column] = place.map(Number)
  return strip < 0 ? null : { strip, channel: channel ?? 0, row: row ?? 0, column: column ?? 0 }
}
