// @ts-check
// The arithmetic of one cell of a layer, written out. Rounded numbers add up as written.

import { GREYS, ink, isDark, palette, signedLevel } from "../core/colour.js"
import { find, make } from "../core/dom.js"
import { Grid } from "../core/grid.js"
import { unpack } from "../core/message.js"
import { adding, decimalsFor, decimalsForSum, fixed, near, short } from "../core/numbers.js"
import { countUp } from "../core/painted.js"

/** @import { Component } from "../core/component.js" */
/** @import { Message } from "../core/message.js" */

/** @typedef {[name: string, value: number]} Step A later step, and its result. */
/** @typedef {{ count: number, total: number }} Rest The terms that are not written one by one. */
/** @typedef {{ label: string, window: number[][], kernel: number[][], padded: boolean[][], total: number }} Part */
/** @typedef {{ kind: "lines", lines: string[] }} Lines */
/**
 * @typedef {{ kind: "conv", parts: Part[], rest: Rest | null, bias: number, total: number,
 *   then: Step[], limit: number, grey: boolean }} Conv `grey`: no value is below zero.
 */
/**
 * @typedef {{ kind: "pool", window: (number | null)[][], padded: boolean[][], winner: number,
 *   how: string, total: number, limit: number, grey: boolean }} Pool
 */
/**
 * @typedef {{ kind: "dense", rows: [name: string, value: number, weight: number, product: number][],
 *   rest: Rest, bias: number | null, total: number, then: Step[], heads?: string[] }} Dense
 */
/**
 * @typedef {{ kind: "softmax",
 *   rows: [name: string, score: number, exponential: number, share: number, unit: number][],
 *   rest: [name: string, score: null, exponential: number, share: number], total: number,
 *   shift: number, here: number }} Softmax
 */
/** @typedef {{ light: number, dark: number }} Tables */
/** @typedef {(Lines | Conv | Pool | Dense | Softmax) & { table: Tables, kernelTable: Tables }} Header */
/** @typedef {{ signed: Uint32Array, kernel: Uint32Array }} Palettes */

const NUMBERS_UP_TO = 7 // cells a side of a window; more are shown as colours
const WRITTEN = 12 // the most terms of a sum that are written out, from the first on

export const isThemed = true

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement }) {
  const root = find(parentElement, ".unit")
  /** @type {Message<Header>} */
  const { header, plane } = unpack(data)
  const theme = isDark(root) ? "dark" : "light"
  const palettes = {
    signed: palette(plane(header.table[theme], 3 * 256)),
    kernel: palette(plane(header.kernelTable[theme], 3 * 256)),
  }
  root.replaceChildren(...written(header, palettes))
  countUp(root, "shown")
}

/**
 * @param {Header} header
 * @param {Palettes} palettes
 */
function written(header, palettes) {
  if (header.kind === "conv") return conv(header, palettes)
  if (header.kind === "pool") return pool(header, palettes)
  if (header.kind === "dense") return dense(header)
  if (header.kind === "softmax") return softmax(header)
  return header.lines.map(text => make("p", "", null, text))
}

/**
 * A convolution: window × kernel for each channel, the sum of all, the bias, what follows.
 *
 * @param {Conv} unit
 * @param {Palettes} palettes
 */
function conv({ parts, rest, bias, total, then, limit, grey }, palettes) {
  const terms = [...parts.map(part => part.total), ...(rest ? [rest.total] : []), bias]
  const decimals = decimalsForSum(terms, total)
  const rounded = adding(terms, total, decimals)
  const text = (/** @type {number} */ value) => (value === 0 ? "0" : fixed(value, decimals))
  const strongest = Math.max(...parts.flatMap(part => part.kernel.flat()).map(Math.abs)) || 1
  const cards = make("div", "cards")
  parts.forEach((part, i) => {
    const card = make("div", "card", cards)
    card.append(
      grid(part.label, part.window, { colours: grey ? GREYS : palettes.signed, limit, padded: part.padded }),
      make("span", "then", null, "×"),
      grid("kernel", part.kernel, { colours: palettes.kernel, limit: strongest }),
      make("span", "then", null, "="),
      make("span", "part", null, text(rounded.terms[i])),
    )
  })
  const shown = rounded.terms.slice(0, Math.min(parts.length, WRITTEN))
  const left = rounded.terms.slice(shown.length, parts.length).reduce((sum, term) => sum + term, 0)
  const sum = make("p", "sum")
  const words = shown.map((term, i) => signed(text(term), i === 0))
  if (parts.length > shown.length) words.push(`${signed(text(left))} (${parts.length - shown.length} more)`)
  if (rest) words.push(`${signed(text(rounded.terms[parts.length]))} (the other ${rest.count === 1 ? "channel" : `${rest.count} channels`})`)
  sum.append(`${words.join(" ")} ${signed(text(rounded.terms[terms.length - 1]))} bias = `, make("b", "", null, short(rounded.sum)))
  for (const [name, value] of then) sum.append(make("span", "then", null, `  →  ${name}  →  `), make("b", "", null, near(value)))
  return [cards, sum, note(terms)]
}

/**
 * @param {Pool} unit
 * @param {Palettes} palettes
 */
function pool({ window, padded, winner, how, total, limit, grey }, palettes) {
  const sum = make("p", "sum")
  sum.append(`${how} = `, make("b", "", null, short(total)))
  return [grid("window", window, { colours: grey ? GREYS : palettes.signed, limit, padded, winner }), sum]
}

/**
 * A dense unit: the strongest products, the rest of them, the bias.
 *
 * @param {Dense} unit
 */
function dense({ rows, rest, bias, total, then, heads = ["input", "value", "weight", "product"] }) {
  const terms = [...rows.map(row => row[3]), rest.total, ...(bias === null ? [] : [bias])]
  const decimals = decimalsForSum(terms, total)
  const rounded = adding(terms, total, decimals)
  const text = (/** @type {number} */ value) => (value === 0 ? "0" : fixed(value, decimals))
  const lines = rows.map(([name, value, weight], i) => [name, short(value), short(weight), text(rounded.terms[i])])
  if (rest.count) lines.push([`the other ${short(rest.count)}`, "", "", text(rounded.terms[rows.length])])
  if (bias !== null) lines.push(["bias", "", "", text(rounded.terms[rows.length + 1])])
  const sum = make("p", "sum")
  sum.append("sum = ", make("b", "", null, short(rounded.sum)))
  for (const [name, value] of then) sum.append(make("span", "then", null, `  →  ${name}  →  `), make("b", "", null, near(value)))
  return [table(heads, lines), sum, note(terms)]
}

/**
 * Softmax: every exponential, their sum, and the shares.
 *
 * @param {Softmax} unit
 */
function softmax({ rows, rest, total, shift, here }) {
  const exps = [...rows.map(row => row[2]), rest[2]]
  const shares = [...rows.map(row => row[3]), rest[3]]
  const decimals = Math.max(decimalsFor([...exps, total]), 4)
  const [sums, parts] = [adding(exps, total, decimals), adding(shares, 1, 4)]
  const lines = rows.map(([name, score], i) => [name, short(score), fixed(sums.terms[i], decimals), fixed(parts.terms[i], 4)])
  if (rest[0]) lines.push([rest[0], "", fixed(sums.terms[rows.length], decimals), fixed(parts.terms[rows.length], 4)])
  lines.push(["sum", "", fixed(sums.sum, decimals), "1"])
  const head = shift ? `e^(score − ${short(shift)})` : "e^score"
  const made = table(["", "score", head, "share"], lines)
  const bodies = made.querySelectorAll("tr")
  bodies[bodies.length - 1].className = "total"
  rows.forEach((row, i) => { if (row[4] === here) bodies[i + 1].className = "here" })
  const why = shift ? " The largest score is subtracted from all of them first: that keeps the exponentials short and does not change the shares." : ""
  return [made, make("p", "", null, `Each share is its exponential divided by the sum of all.${why}`)]
}

/** @param {string} text */
const signed = (text, first = false) => // a line never ends between sign and number
  text.startsWith("−") ? (first ? text : `−\u00a0${text.slice(1)}`) : first ? text : `+\u00a0${text}`

/** @param {number[]} terms */
const note = terms => make("p", "note", null, terms.every(Number.isInteger) ? "" : "Values rounded for display; they add up as shown.")

const greyLevel = (/** @type {number} */ value, /** @type {number} */ limit) => Math.round(255 * Math.min(1, value / limit))

/**
 * @param {string} label
 * @param {(number | null)[][]} rows
 * @param {{ colours: Uint32Array, limit: number, padded?: boolean[][], winner?: number }} how
 */
function grid(label, rows, { colours, limit, padded = [], winner = -1 }) {
  const made = new Grid(label)
  const columns = rows[0].length
  const tiny = Math.max(rows.length, columns) > NUMBERS_UP_TO
  const level = colours === GREYS ? greyLevel : signedLevel
  made.fill(rows.length, columns, rows.flat().map((value, i) => {
    const outside = padded.flat()[i]
    const text = value === null ? "" : short(value, 2)
    const kind = `${outside ? "padded" : ""} ${i === winner ? "winner" : ""}`
    const style = value === null || outside ? {} : ink(colours[level(value, limit)])
    return { text: tiny ? "" : text, title: value === null ? "padding" : short(value), kind, ...style }
  }))
  made.cells.classList.toggle("tiny", tiny)
  if (!tiny) made.cells.style.setProperty("--width", "4.3em") // all windows have the same width
  return made.element
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const scroll = make("div", "scroll")
  const made = make("table", "", scroll)
  const line = (/** @type {"th" | "td"} */ tag, /** @type {string[]} */ texts) => {
    const row = make("tr", "", made)
    texts.forEach(text => make(text ? tag : "td", "", row, text)) // an empty cell is not a header
  }
  line("th", head)
  rows.forEach(texts => line("td", texts))
  return scroll
}
