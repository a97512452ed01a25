// The small chart below a map: a histogram, the curve of an activation with its slope, and the
// place of the cell under the cursor on all three.
//
// A chart is what the message says: `limit` (the histogram goes from −limit to limit), `counts`,
// `curve` (whether the activation of the pane's chain is drawn), `marks` ("features" or
// "activated": which number of the cell under the cursor is marked; null for none), `note`.

import { activate, convolve } from "./arithmetic.js"
import { short } from "../core/numbers.js"
import { SLOPES } from "./slopes.js"

const SVG = "http://www.w3.org/2000/svg"
const [WIDTH, HEIGHT, ROOM] = [220, 84, 5]
const POINTS = 161 // odd, so that one of them is 0, where the corners are
const DIGITS = 3

const make = (tag, attributes, parent) => {
  const element = parent.appendChild(document.createElementNS(SVG, tag))
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

export class Chart {
  constructor(figure) {
    this.element = figure.appendChild(document.createElement("div"))
    this.element.className = "chart"
    this.svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, this.element)
    this.cell = this.element.appendChild(document.createElement("p"))
    this.note = this.element.appendChild(document.createElement("p"))
  }

  remove() {
    this.element.remove()
  }

  load(chart) {
    this.chart = chart
    this.note.textContent = chart.note ?? ""
    this.cell.hidden = !chart.marks
    this.drawn = null
  }

  /** Draw the curve of a pane if it is new, and the dots. */
  draw(pane) {
    const { chart } = this
    const chain = chart.curve ? pane.chain : null
    const key = JSON.stringify([chart, chain && [chain.activation, chain.parameters]])
    if (this.drawn !== key) this.plot(chart, chain)
    this.drawn = key
    this.point(chart, chain, numbersAt(pane))
  }

  plot({ counts, limit }, chain) {
    this.x = value => ROOM + ((value / limit + 1) / 2) * (WIDTH - 2 * ROOM)
    const xs = Array.from({ length: POINTS }, (_, i) => ((2 * i) / (POINTS - 1) - 1) * limit)
    const curves = chain ? [0, 1].map(i => xs.map(x => this.answers(chain, x)[i])) : []
    const [low, high] = [Math.min(0, ...curves.flat()), Math.max(chain ? 1 : 0, ...curves.flat())]
    this.y = value => HEIGHT - ROOM - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * ROOM)
    const line = ys => ys.map((y, i) => `${i ? "L" : "M"}${this.x(xs[i]).toFixed(1)} ${this.y(y).toFixed(1)}`).join("")
    this.svg.replaceChildren()
    make("path", { class: "bars", d: bars(counts) }, this.svg)
    make("path", { class: "axis", d: `M0 ${this.y(0)}H${WIDTH}M${WIDTH / 2} 0V${HEIGHT}` }, this.svg)
    curves.forEach((ys, i) => make("path", { class: i ? "slope" : "curve", d: line(ys) }, this.svg))
    this.dots = (chain ? [4, 3] : [4]).map(r => make("circle", { class: "dot", r }, this.svg))
  }

  /** The answer of a chain's activation, and its slope there. */
  answers(chain, value) {
    return [activate(chain, value), SLOPES[chain.activation](value, chain.parameters)]
  }

  point({ limit, marks }, chain, numbers) {
    const value = marks && numbers ? numbers[marks] : NaN
    this.dots.forEach(dot => dot.setAttribute("visibility", Number.isFinite(value) ? "visible" : "hidden"))
    if (!Number.isFinite(value)) return
    const answers = chain ? this.answers(chain, value) : []
    // What lies beyond the histogram is marked at its end, on the curve as it is drawn.
    const at = Math.max(-limit, Math.min(limit, value))
    const heights = chain ? this.answers(chain, at) : [0]
    this.dots.forEach((dot, i) => {
      dot.setAttribute("cx", this.x(at))
      dot.setAttribute("cy", this.y(heights[i]))
    })
    const [answer, slope] = answers.map(number => short(number, DIGITS))
    this.cell.textContent = short(value, DIGITS) + (chain ? ` → ${answer} · slope ${slope}` : "")
    this.element.dataset.cell = JSON.stringify([value, ...answers])
  }
}

/** The numbers of the cell under the cursor, as the chain of a pane computes them. */
function numbersAt({ board, chain }) {
  const { input, reading } = board
  if (!reading || !chain) return null
  return chain === reading.chain ? reading : convolve(chain, input, ...reading.cell)
}

/** Bars from the bottom; their height is the square root of the count, so that rare values show. */
function bars(counts) {
  const tallest = Math.sqrt(Math.max(1, ...counts))
  const width = (WIDTH - 2 * ROOM) / counts.length
  return counts.map((count, i) => {
    const height = (Math.sqrt(count) / tallest) * (HEIGHT - ROOM)
    return `M${(ROOM + i * width).toFixed(1)} ${HEIGHT}v${-height.toFixed(1)}h${(width * 0.88).toFixed(1)}V${HEIGHT}z`
  }).join("")
}
