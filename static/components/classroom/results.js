// @ts-check
// The answers of a class as a picture: a histogram, a heat map of taps over the picture, bars for
// options, a gallery of kernels with their maps. And the true answer.

import { coloured, ink, isDark, paint, palette, rgb, signedLevel } from "../core/colour.js"
import { make } from "../core/dom.js"
import { Grid } from "../core/grid.js"
import { unpack } from "../core/message.js"
import { short } from "../core/numbers.js"
import { Picture } from "./board-picture.js"
import { bars as barsOf, found, heat, people, saysTruth } from "./tally.js"

/** @typedef {Record<string, any>} Said */

const MOVED = "The maps on the screen have changed, so this question is closed."
const HEAT = rgb(255, 176, 0)

/**
 * Draw a result into an element; returns a function that ends it.
 *
 * @param {HTMLElement} root
 * @param {{ question: Said, result: Said, maps: Uint8Array | null }} shown `maps` are those of drawn kernels.
 */
export function drawResult(root, { question, result, maps }) {
  root.replaceChildren()
  if (result.moved) make("p", "moved", root, MOVED)
  make("p", "count", root, result.count ? people(result.count, "answered") : "No one answered.")
  if (result.kind === "draw") kernels(root, result, maps)
  else if (result.kind === "number") number(root, result)
  else if (result.kind === "choose") choose(root, question, result)
  else return point(root, question, result)
  return () => {}
}

/**
 * Labelled bars; those of the right answer and of this tab's own answer are marked.
 *
 * @param {HTMLElement} root
 * @param {{ text: string, count: number, right: boolean, mine: boolean }[]} lines
 */
function bars(root, lines) {
  const list = make("ul", "bars", root)
  const most = Math.max(1, ...lines.map(line => line.count))
  for (const { count, mine, right, text } of lines) {
    const line = make("li", right ? "right" : "", list)
    make("span", "text", line, text + (right ? " ✓" : ""))
    const bar = make("span", "share", line)
    if (count) make("i", "", bar).style.width = `${(100 * count) / most}%`
    make("b", "", line, String(count))
    if (mine) make("span", "mine", line, "yours")
  }
}

/**
 * @param {HTMLElement} root
 * @param {Said} result
 */
function number(root, result) {
  const { mine, tally, truth } = result
  const words = saysTruth(/** @type {any} */ (result)) ? "" : `It is ${short(truth)}.`
  make("p", "truth", root, `${words} ${found(tally)}`)
  bars(root, barsOf(tally, mine))
}

/**
 * @param {HTMLElement} root
 * @param {Said} question
 * @param {Said} result
 */
function choose(root, question, { mine, tally, truth }) {
  bars(root, question.options.map((/** @type {string} */ text, /** @type {number} */ i) =>
    ({ text, count: tally[i], right: i === truth, mine: i === mine })))
}

/**
 * @param {HTMLElement} root
 * @param {Said} question
 * @param {Said} result
 */
function point(root, { board }, result) {
  const { count, mine, moved, tally, truth } = result
  const [row, column] = truth
  const words = moved ? `It was strongest at row ${row}, column ${column}.` : `Strongest at row ${row}, column ${column}: the amber square.`
  make("p", "truth", root, `${words} ${found(tally)}`)
  if (moved) return () => {} // the picture of the taps has gone with them
  const picture = new Picture(root, board)
  picture.canvas.setAttribute("role", "img")
  picture.canvas.setAttribute("aria-label", `Where ${people(count)} tapped, on the picture.`)
  picture.marks = [{ place: truth, kind: "truth" }]
  if (mine) picture.marks.unshift({ place: mine, kind: "mine" })
  picture.draw()
  const { height, width } = picture.size
  const shares = heat(tally, height, width, Math.max(1, Math.max(height, width) / 40))
  const over = picture.over = document.createElement("canvas")
  paint(over, [height, width], out => {
    for (let i = 0; i < out.length; i++) out[i] = (((HEAT & 0xffffff) | (Math.round(210 * shares[i]) << 24)) >>> 0)
  })
  picture.draw()
  return () => picture.remove()
}

/**
 * @param {HTMLElement} root
 * @param {Said} result
 * @param {Uint8Array | null} maps
 */
function kernels(root, { count: answered, mine, tally: { kernels: all, rights } }, maps) {
  if (rights) make("p", "truth", root, `${people(rights)} found it.`)
  const message = maps && unpack(maps)
  const gallery = make("ul", "kernels", root)
  const theme = isDark(root) ? "dark" : "light"
  const table = (/** @type {string} */ name) => message && palette(message.plane(message.header[name][theme], 3 * 256))
  const [colours, weights] = [table("table"), table("kernelTable")]
  all.forEach((/** @type {Said} */ { count, kernel, right }, /** @type {number} */ i) => {
    const card = make("li", right ? "right" : "", gallery)
    if (message && colours && i < message.header.offsets.length) {
      const { height, offsets, width } = message.header
      const map = make("canvas", "", card)
      paint(map, [height, width], coloured(message.plane(offsets[i], height * width), colours))
    }
    const grid = new Grid("")
    const most = Math.max(1, ...kernel.flat().map(Math.abs))
    grid.fill(3, 3, kernel.flat().map((/** @type {number} */ weight) => ({
      text: short(weight), ...(weights ? ink(weights[signedLevel(weight, most)]) : {}),
    })))
    card.append(grid.element)
    const own = String(kernel) === String(mine) ? " · yours" : ""
    make("span", "text", card, `${people(count)}${right ? " ✓" : ""}${own}`)
  })
  const hidden = all.reduce((/** @type {number} */ left, /** @type {Said} */ { count }) => left - count, answered)
  if (hidden) make("p", "count", root, `${people(hidden)} made other kernels, which are not shown.`)
}
