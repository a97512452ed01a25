// @ts-check
// The small chart below a map: a histogram, the curve of an activation with its slope, and the
// place of the cell under the cursor on all three. See Chart in header.d.ts.

import { make, makeSvg, setAttributes, setText } from "../core/dom.js"
import { near, short } from "../core/numbers.js"
import { activate, convolve } from "./arithmetic.js"
import { SLOPES } from "./slopes.js"

/** @import { Chain, Chart as ChartHeader } from "./header.js" */
/** @import { Pane } from "./pane.js" */

const [WIDTH, HEIGHT, ROOM] = [220, 84, 5]
export const SIZE = [WIDTH, HEIGHT]
const DIGITS = 3 // more do not fit
const POINTS = 161 // odd, so that one point is at 0, where the corners are

export class Chart {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.element = make("div", "chart", figure)
    this.svg = makeSvg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, this.element)
    this.cell = make("p", "", this.element)
    this.value = make("span", "", this.cell)
    this.slope = make("span", "also", this.cell)
    this.note = make("p", "note", this.element)
    this.drawn = ""
    /** @type {ChartHeader} */
    this.chart
    /** @type {SVGCircleElement[]} */
    this.dots = []
    this.x = this.y = (/** @type {number} */ value) => value
  }

  /** @returns {undefined} */
  remove() {
    this.element.remove()
  }

  /** @param {ChartHeader} chart */
  load(chart) {
    this.chart = chart
    setText(this.note, chart.note)
    this.cell.hidden = !chart.marks
    this.drawn = ""
  }

  /**
   * Draw the curve of a pane if it is new, and the dots.
   *
   * @param {Pane} pane
   */
  draw(pane) {
    const { chart } = this
    const chain = (chart.curve && pane.chain) || null
    const key = JSON.stringify([chart, chain && [chain.activation, chain.parameters]])
    if (this.drawn !== key) this.plot(chart, chain)
    this.drawn = key
    this.point(chart, chain, numbersAt(pane))
  }

  /**
   * @param {ChartHeader} chart
   * @param {Chain | null} chain
   */
  plot(chart, chain) {
    const { axis, curves, filled, x, y } = plotted(chart, chain)
    Object.assign(this, { x, y })
    this.svg.replaceChildren()
    makeSvg("path", { class: "bars", d: filled }, this.svg)
    makeSvg("path", { class: "axis", d: axis }, this.svg)
    curves.forEach((d, i) => makeSvg("path", { class: i ? "slope" : "curve", d }, this.svg))
    this.dots = (chain ? [4, 3] : [4]).map(r => makeSvg("circle", { class: "dot", r }, this.svg))
  }

  /**
   * @param {ChartHeader} chart
   * @param {Chain | null} chain
   * @param {{ features: number, activated: number } | null} numbers
   */
  point({ limit, marks }, chain, numbers) {
    const value = marks && numbers ? numbers[marks] : NaN
    this.dots.forEach(dot => dot.setAttribute("visibility", Number.isFinite(value) ? "visible" : "hidden"))
    if (!Number.isFinite(value)) return
    const found = chain ? answers(chain, value) : []
    // A value beyond the histogram is marked at its end, on the curve as drawn.
    const at = Math.max(-limit, Math.min(limit, value))
    const heights = chain ? answers(chain, at) : [0]
    this.dots.forEach((dot, i) => setAttributes(dot, { cx: this.x(at), cy: this.y(heights[i]) }))
    const [answer, slope] = found.map(number => near(number, DIGITS))
    setText(this.value, short(value, DIGITS) + (chain ? ` → ${answer}` : ""))
    setText(this.slope, chain ? `slope ${slope}` : "")
    this.element.dataset.cell = JSON.stringify([value, ...found])
  }
}

/**
 * A chart as lines: its bars, its axes, the curve of a chain and its slope; and the scales that place a
 * value (`x`) and an answer (`y`). It is `SIZE` wide and high.
 *
 * @param {Pick<ChartHeader, "counts" | "limit">} chart
 * @param {Chain | null} chain
 */
export function plotted({ counts, limit }, chain) {
  const x = (/** @type {number} */ value) => ROOM + ((value / limit + 1) / 2) * (WIDTH - 2 * ROOM)
  const xs = Array.from({ length: POINTS }, (_, i) => ((2 * i) / (POINTS - 1) - 1) * limit)
  const curves = chain ? [0, 1].map(i => xs.map(x => answers(chain, x)[i])) : []
  const [low, high] = [Math.min(0, ...curves.flat()), Math.max(chain ? 1 : 0, ...curves.flat())]
  const y = (/** @type {number} */ value) => HEIGHT - ROOM - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * ROOM)
  return {
    x, y, filled: bars(counts), axis: `M0 ${y(0)}H${WIDTH}M${WIDTH / 2} 0V${HEIGHT}`,
    curves: curves.map(ys => line(xs.map(x), ys.map(y))),
  }
}

/**
 * A line through points.
 *
 * @param {number[]} xs
 * @param {number[]} ys
 */
export const line = (xs, ys) => xs.map((x, i) => `${i ? "L" : "M"}${x.toFixed(1)} ${ys[i].toFixed(1)}`).join("")

/**
 * The output of a chain's activation for a value, and its slope there.
 *
 * @param {Chain} chain
 * @param {number} value
 */
const answers = (chain, value) => [activate(chain, value), SLOPES[chain.activation](value, chain.parameters)]

/**
 * The numbers of the cell under the cursor, as the chain of a pane computes them.
 *
 * @param {Pane} pane
 */
function numbersAt({ board: { input, reading }, chain }) {
  if (!reading || !input || !chain) return null
  return chain === reading.chain ? reading : convolve(chain, input, ...reading.cell)
}

/**
 * Bars from the bottom; their height is the square root of the count, so that rare values show.
 *
 * @param {number[]} counts
 */
function bars(counts) {
  const tallest = Math.sqrt(Math.max(1, ...counts))
  const width = (WIDTH - 2 * ROOM) / counts.length
  return counts.map((count, i) => {
    const height = (Math.sqrt(count) / tallest) * (HEIGHT - ROOM)
    return `M${(ROOM + i * width).toFixed(1)} ${HEIGHT}v${(-height).toFixed(1)}h${(width * 0.88).toFixed(1)}V${HEIGHT}z`
  }).join("")
}
