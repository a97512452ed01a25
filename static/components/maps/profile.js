// A cut through the maps of a board along the row of its cursor: the values before the activation
// and after it, column by column. Follows the board without asking the server; a row that the
// server has set moves the cursor.

import { board } from "./board.js"
import { convolve } from "./arithmetic.js"
import { short } from "../core/numbers.js"

const SVG = "http://www.w3.org/2000/svg"
const [WIDTH, HEIGHT, ROOM] = [800, 120, 6]
const PARTS = [["features", "before"], ["activated", "after"]]

const mounts = new WeakMap()

const make = (tag, name, parent) => {
  const element = parent.appendChild(document.createElementNS(SVG, tag))
  element.setAttribute("class", name)
  return element
}

export default function ({ data, parentElement }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Profile(parentElement.querySelector(".profile")))
  const profile = mounts.get(parentElement)
  profile.show(data)
  return () => profile.remove()
}

class Profile {
  constructor(root) {
    this.title = root.appendChild(document.createElement("p"))
    this.title.className = "title"
    this.cuts = PARTS.map(([part, word]) => {
      const figure = root.appendChild(document.createElement("figure"))
      const label = figure.appendChild(document.createElement("figcaption"))
      const svg = make("svg", "", figure)
      svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`)
      svg.setAttribute("preserveAspectRatio", "none")
      svg.setAttribute("role", "img")
      const [below, above, axis, here] = ["below", "above", "axis", "here"].map(name => make("path", name, svg))
      return { part, word, label, svg, below, above, axis, here }
    })
    this.painted = event => { if (event.detail === this.name) this.draw() }
    document.addEventListener("cnnviz:painted", this.painted)
  }

  remove() {
    document.removeEventListener("cnnviz:painted", this.painted)
    board(this.name).ruler = false
  }

  show({ board: name, row }) {
    const moved = this.row !== undefined && row !== this.row
    this.name = name
    this.row = row
    const shown = board(name)
    shown.ruler = true
    if (moved && shown.cursor) shown.point({ ...shown.cursor, stage: 1, row }, { always: true })
    shown.draw()
  }

  draw() {
    const { cursor, input, message, reading, view } = board(this.name)
    if (!reading) return
    const { cell: [row, column], chain } = reading
    // What is computed anew only if it has changed: pointing along a row moves one line.
    if (this.message !== message || this.at !== row) this.read(chain, input, row)
    this.message = message
    this.at = row
    const half = chain.sizes.features[1] / view.zoom / 2
    const [first, last] = view.zoom === 1 ? [0, chain.sizes.features[1]] : [view.x - half, view.x + half]
    const values = this.cells.flatMap(cell => [cell.features, cell.activated])
    const limit = Math.max(...values.map(Math.abs)) || 1
    this.title.textContent = `Row ${row}, cut from left to right. Column ${column} is marked.`
    this.cuts.forEach(cut => this.cut(cut, { chain, column, cursor, first, last, limit }))
  }

  read(chain, input, row) {
    this.cells = Array.from({ length: chain.sizes.features[1] }, (_, column) => {
      const { features, activated } = convolve(chain, input, row, column)
      return { features, activated }
    })
  }

  /** Draw one cut: steps, one a cell, filled down or up to 0. */
  cut({ part, word, label, svg, below, above, axis, here }, { chain, column, first, last, limit }) {
    const x = place => (((place - first) / (last - first)) * WIDTH).toFixed(1)
    const y = value => (HEIGHT / 2 - (value / limit) * (HEIGHT / 2 - ROOM)).toFixed(1)
    const area = keep =>
      `M${x(0)} ${y(0)}` +
      this.cells.map((cell, i) => `V${y(keep(cell[part]))}H${x(i + 1)}`).join("") + `V${y(0)}z`
    below.setAttribute("d", area(value => Math.min(0, value)))
    above.setAttribute("d", area(value => Math.max(0, value)))
    axis.setAttribute("d", `M0 ${y(0)}H${WIDTH}`)
    here.setAttribute("d", `M${x(column + 0.5)} 0V${HEIGHT}`)
    const name = part === "features" ? chain.title : chain.activationTitle
    const value = short(this.cells[column][part])
    label.textContent = `${word} · ${name} · ${value}`
    svg.setAttribute("aria-label", `The row ${word} the activation: ${value} at the marked column.`)
    svg.dataset.zeros = this.cells.filter(cell => cell[part] === 0).length
    svg.dataset.value = this.cells[column][part]
  }
}
