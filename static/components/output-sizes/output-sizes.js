// @ts-check
// The output size against each number of a convolution: a dot for every value that fits, the
// current one in amber.

import { find, make, makeSvg } from "../core/dom.js"

/** @import { Component } from "../core/component.js" */
/**
 * @typedef {{ name: string, present: number, points: [value: number, size: number][],
 *   span: [first: number, last: number] }} Chart
 */

const [WIDTH, HEIGHT] = [160, 100]
const [LEFT, RIGHT, TOP, FLOOR] = [16, 150, 12, 82]

/** @param {Component<Chart[]>} component */
export default function ({ data, parentElement }) {
  const most = Math.max(...data.flatMap(chart => chart.points.map(([, size]) => size)))
  find(parentElement, ".output-sizes").replaceChildren(...data.map(chart => figure(chart, most)))
}

/**
 * @param {Chart} chart
 * @param {number} most The largest size of all charts.
 */
function figure(chart, most) {
  const element = make("figure")
  const size = chart.points.find(([value]) => value === chart.present)?.[1]
  element.append(drawing(chart, most))
  make("figcaption", "", element, `${chart.name} = ${chart.present} → ${size}`)
  return element
}

/**
 * @param {Chart} chart
 * @param {number} most
 */
function drawing({ name, present, points, span: [first, last] }, most) {
  const svg = makeSvg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
    "aria-label": `Output size by ${name}: ${points.map(point => point.join(" → ")).join(", ")}`,
  })
  const x = (/** @type {number} */ value) => LEFT + ((value - first) / (last - first)) * (RIGHT - LEFT)
  const y = (/** @type {number} */ size) => FLOOR - (size / most) * (FLOOR - TOP)
  makeSvg("path", { class: "axis", d: `M${LEFT} ${TOP}V${FLOOR}H${RIGHT}` }, svg)
  for (const size of [0, most]) makeSvg("text", { x: LEFT - 4, y: y(size) + 3, "text-anchor": "end" }, svg, size)
  for (const value of [first, last]) makeSvg("text", { x: x(value), y: FLOOR + 12, "text-anchor": "middle" }, svg, value)
  makeSvg("path", { class: "line", d: `M${points.map(([value, size]) => `${x(value)} ${y(size)}`).join("L")}` }, svg)
  for (const [value, size] of points) {
    const here = value === present
    const dot = makeSvg("circle", { class: here ? "here" : "dot", cx: x(value), cy: y(size), r: here ? 4.5 : 2.5 }, svg)
    makeSvg("title", {}, dot, `${value} → ${size}`)
  }
  return svg
}
