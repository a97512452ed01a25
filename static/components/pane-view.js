// One map on the screen: title, canvas, legend, figures.

const version = new URL(import.meta.url).search
const { gradient, palette, rgb } = await import("./colour.js" + version)
const { fit, inside, zoomed } = await import("./view.js" + version)

const STEP = 1.5 // one press on + or −
const TALLEST = 1.3 // height ÷ width of a pane at the most
const LOWEST = 0.28

const GREYS = Uint32Array.from({ length: 256 }, (_, value) => rgb(value, value, value))

const make = (tag, name, parent) => {
  const element = document.createElement(tag)
  element.className = name
  parent.append(element)
  return element
}

export class Pane {
  constructor(board, parent) {
    this.board = board
    this.figure = make("figure", "map", parent)
    this.title = make("figcaption", "title", this.figure)
    this.window = make("div", "window", this.figure)
    this.canvas = make("canvas", "cells", this.window)
    this.buttons()
    const legend = make("div", "legend", this.figure)
    this.low = make("span", "end", legend)
    this.bar = make("span", "bar", legend)
    this.zero = make("span", "zero", this.bar)
    this.high = make("span", "end", legend)
    this.figures = make("p", "figures", this.figure)
    this.image = document.createElement("canvas")
    this.window.tabIndex = 0
    this.window.setAttribute("role", "img")
    this.listen()
    this.resize = new ResizeObserver(() => this.board.draw())
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
    this.bytes = plane(pane.offset, pane.channels * pane.height * pane.width)
    this.title.textContent = pane.title
    this.title.hidden = !pane.title
    this.low.textContent = pane.legend[0]
    this.high.textContent = pane.legend[2]
    this.zero.textContent = pane.legend[1]
    this.figures.textContent = pane.figures
    this.window.setAttribute("aria-label", pane.alt)
    this.restyle()
  }

  /** Colour the levels with the table of the present theme. */
  restyle() {
    if (!this.pane) return
    const { height, width, channels, picture } = this.pane
    const table = this.header.table[isDark(this.window) ? "dark" : "light"]
    const colours = picture ? GREYS : palette(this.plane(table, 3 * 256))
    this.bar.style.backgroundImage = gradient(colours, picture ? 256 : 255)
    this.image.width = width
    this.image.height = height
    const context = this.image.getContext("2d")
    const image = context.createImageData(width, height)
    const out = new Uint32Array(image.data.buffer)
    const [red, green, blue] = [0, 1, 2].map(c => c * height * width)
    const bytes = this.bytes
    if (channels === 1) {
      for (let i = 0; i < out.length; i++) out[i] = colours[bytes[i]]
    } else {
      for (let i = 0; i < out.length; i++) {
        out[i] = rgb(bytes[red + i], bytes[green + i], bytes[blue + i])
      }
    }
    context.putImageData(image, 0, 0)
  }

  /** Paint the part of the map that the board's view shows. */
  draw() {
    const [top, left, bottom, right] = this.header.world
    const width = this.window.clientWidth
    if (!this.pane || !width) return
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
    const context = this.canvas.getContext("2d")
    context.setTransform(dense, 0, 0, dense, 0, 0)
    context.clearRect(0, 0, width, height)
    const [row, column, rowStep, columnStep] = this.pane.place
    context.imageSmoothingEnabled = at.scale * dense * Math.min(rowStep, columnStep) < 1
    context.drawImage(
      this.image, at.x(column), at.y(row),
      this.pane.width * columnStep * at.scale, this.pane.height * rowStep * at.scale,
    )
    this.window.classList.toggle("zoomed", this.board.view.zoom > 1)
  }

  zoom(factor, x = this.size[0] / 2, y = this.size[1] / 2) {
    const at = fit(this.header.world, ...this.size, this.board.view)
    this.board.look(zoomed(this.board.view, factor, at.column(x), at.row(y), this.header.world, ...this.size))
  }

  pan(dx, dy) {
    const { scale } = fit(this.header.world, ...this.size, this.board.view)
    const { zoom, x, y } = this.board.view
    this.board.look(inside({ zoom, x: x - dx / scale, y: y - dy / scale }, this.header.world))
  }

  buttons() {
    const tools = make("div", "tools", this.window)
    for (const [sign, label, act] of [
      ["−", "Zoom out", () => this.zoom(1 / STEP)],
      ["+", "Zoom in", () => this.zoom(STEP)],
      ["⤢", "Show all", () => this.zoom(0)],
    ]) {
      const button = make("button", "tool", tools)
      button.type = "button"
      button.textContent = sign
      button.title = label
      button.setAttribute("aria-label", label)
      button.onclick = act
    }
  }

  listen() {
    const fingers = new Map()
    this.window.onwheel = event => {
      const wanted = event.ctrlKey || event.metaKey || this.window.matches(":focus")
      if (!wanted) return
      event.preventDefault()
      this.zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY)
    }
    this.window.onpointerdown = event => {
      if (event.target.closest(".tools")) return
      fingers.set(event.pointerId, event)
      this.window.setPointerCapture(event.pointerId)
    }
    this.window.onpointermove = event => {
      const before = fingers.get(event.pointerId)
      if (!before) return
      const other = [...fingers.values()].find(finger => finger.pointerId !== event.pointerId)
      fingers.set(event.pointerId, event)
      if (other) {
        const apart = finger => Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY)
        const box = this.window.getBoundingClientRect()
        this.zoom(
          apart(event) / Math.max(1, apart(before)),
          (event.clientX + other.clientX) / 2 - box.left, (event.clientY + other.clientY) / 2 - box.top,
        )
      } else {
        this.pan(event.clientX - before.clientX, event.clientY - before.clientY)
      }
    }
    this.window.onpointerup = this.window.onpointercancel = event => fingers.delete(event.pointerId)
    this.window.ondblclick = event => this.zoom(STEP * STEP, event.offsetX, event.offsetY)
    this.window.onkeydown = event => {
      const pixels = 40
      const acts = {
        "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP), "0": () => this.zoom(0),
        ArrowLeft: () => this.pan(pixels, 0), ArrowRight: () => this.pan(-pixels, 0),
        ArrowUp: () => this.pan(0, pixels), ArrowDown: () => this.pan(0, -pixels),
      }
      if (event.target !== this.window || event.ctrlKey || event.metaKey || !acts[event.key]) return
      event.preventDefault()
      acts[event.key]()
    }
  }
}

/** Whether the page's background is dark; the theme comes as CSS variables. */
function isDark(element) {
  const probe = document.createElement("canvas").getContext("2d")
  probe.fillStyle = getComputedStyle(element).getPropertyValue("--st-background-color").trim()
  const [red, green, blue] = [1, 3, 5].map(i => parseInt(probe.fillStyle.slice(i, i + 2), 16))
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128
}
