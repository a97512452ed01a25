// @ts-check
// Line charts over one number, redrawn on every message, for curves that follow a slider.

import { find, make, makeSvg } from "../core/dom.js"
import { parse } from "../core/message.js"
import { Mounts } from "../core/mounts.js"
import { large } from "../core/present.js"
import { hand } from "../live/hand.js"

/** @import { Component } from "../core/component.js" */
/** @typedef {{ low: number, high: number, label: string, texts?: string[] }} Span */
/** @typedef {{ name?: string, values: number[], at?: number[] }} Line */
/**
 * @typedef {object} Data
 * @property {string} name
 * @property {string} label What is drawn, for those who cannot see it.
 * @property {Span} x
 * @property {Span} y A share or, with `texts`, the labels at its ends.
 * @property {number[]} [values] One line, spread evenly over x.
 * @property {{ x: number, y: number }} [marker] A place on that line.
 * @property {Line[]} [lines] Up to three lines instead; `at`: the x of values that are not evenly spaced.
 */

const [NARROWEST, WIDEST] = [220, 420]
const [LEFT, BOTTOM, TOP, RIGHT] = [44, 34, 10, 12]

const mounts = new Mounts(root => new Curves(find(root, ".curves")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement }) {
  const curves = mounts.of(parentElement)
  const leave = hand.receive(data.name, parentElement, bytes => curves.show(parse(bytes)))
  hand.run(data.name, () => curves.show(data))
  return () => {
    leave()
    curves.remove()
  }
}

class Curves {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    /** @type {Data | null} */
    this.data = null
    this.drawn = 0 // how wide, in CSS pixels
    this.sized = new ResizeObserver(() => {
      if (this.data && room(root) * large() !== this.drawn) this.show(this.data)
    })
    this.sized.observe(root)
  }

  remove() {
    this.sized.disconnect()
  }

  /** @param {Data} data */
  show(data) {
    const { root } = this
    this.data = data
    this.drawn = room(root) * large()
    root.replaceChildren(title(data), drawing(data, room(root)))
  }
}

/**
 * The width of the drawing, before it is enlarged for a class. A narrow column gets a narrower drawing,
 * not smaller text.
 *
 * @param {HTMLElement} root
 */
const room = root => Math.max(NARROWEST, Math.min(WIDEST, root.clientWidth / large() || WIDEST))

/**
 * @param {Data} data
 * @param {number} width
 */
function drawing({ label, x, y, values, marker, lines = [{ values: values ?? [] }] }, width) {
  const height = Math.round(90 + 100 * (width / WIDEST))
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, width: `${width * large()}`, role: "img", "aria-label": label })
  const floor = height - BOTTOM
  const across = (/** @type {number} */ value) => LEFT + ((value - x.low) / (x.high - x.low)) * (width - LEFT - RIGHT)
  const up = (/** @type {number} */ value) => floor - ((value - y.low) / (y.high - y.low)) * (floor - TOP)
  const write = (/** @type {number} */ left, /** @type {number} */ top, /** @type {string} */ anchor, /** @type {string} */ text) =>
    makeSvg("text", { class: "text", x: left, y: top, "text-anchor": anchor }, svg, text)
  makeSvg("path", { class: "axis", d: `M${LEFT} ${TOP}V${floor}H${width - RIGHT}` }, svg)
  const texts = y.texts ?? [y.low, y.high].map(end => `${Math.round(100 * end)}\u00a0%`)
  for (const [i, end] of [y.low, y.high].entries()) write(LEFT - 6, up(end) + 4, "end", texts[i])
  for (const end of new Set([x.low, 0, x.high])) {
    if (end >= x.low && end <= x.high) write(across(end), floor + 15, "middle", String(end).replace("-", "−"))
  }
  write((LEFT + width - RIGHT) / 2, height - 4, "middle", x.label)
  lines.forEach(({ values: ys, at }, number) => {
    const step = (x.high - x.low) / (ys.length - 1)
    const place = (/** @type {number} */ i) => at?.[i] ?? x.low + i * step
    const points = ys.map((value, i) => [across(place(i)), up(value)].map(end => end.toFixed(1)).join(" "))
    makeSvg("path", { class: `line line${number}`, d: `M${points.join("L")}` }, svg)
    if (ys.length === 1) makeSvg("circle", { class: `only only${number}`, cx: across(place(0)), cy: up(ys[0]), r: 3 }, svg)
  })
  if (!marker) return svg
  makeSvg("path", { class: "marker", d: `M${across(marker.x)} ${TOP}V${floor}` }, svg)
  makeSvg("circle", { class: "dot", cx: across(marker.x), cy: up(marker.y), r: 5 }, svg)
  return svg
}

/** @param {Data} data */
function title({ y, lines = [] }) {
  const line = make("p", "", null, y.label)
  lines.forEach(({ name }, number) => make("span", `key key${number}`, line, name))
  return line
}
