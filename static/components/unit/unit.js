// The arithmetic of one cell of a layer, written out. What is rounded adds up as it is written.

import { ink, isDark, palette } from "../core/colour.js"
import { Grid } from "../core/grid.js"
import { unpack } from "../core/message.js"
import { adding, decimalsFor, fixed, short } from "../core/numbers.js"

const NUMBERS_UP_TO = 7 // cells a side of a window; more are shown as colours
const WRITTEN = 12 // terms of a sum; of more, the first ones

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".unit")
  const { header, plane } = unpack(data)
  const look = {
    signed: palette(plane(header.table[isDark(root) ? "dark" : "light"], 3 * 256)),
    kernel: palette(plane(header.kernelTable.light, 3 * 256)),
  }
  root.replaceChildren(...KINDS[header.kind](header, look))
  // For tests: how often it was written.
  root.dataset.shown = Number(root.dataset.shown ?? 0) + 1
}

const make = (tag, name, text = "") => {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  return element
}

const KINDS = {
  lines: ({ lines }) => lines.map(text => make("p", "", text)),
  conv, pool, dense, softmax,
}

/** A convolution: window × kernel for each channel, the sum of all, the bias, what follows. */
function conv({ parts, rest, bias, total, then, limit }, look) {
  const terms = [...parts.map(part => part.total), ...(rest ? [rest.total] : []), bias]
  const decimals = decimalsFor([...terms, total])
  const rounded = adding(terms, total, decimals)
  const text = value => (value === 0 ? "0" : fixed(value, decimals))
  const strongest = Math.max(...parts.flatMap(part => part.kernel.flat()).map(Math.abs)) || 1
  const cards = make("div", "cards")
  parts.forEach((part, i) => {
    const card = cards.appendChild(make("div", "card"))
    card.append(
      grid(part.label, part.window, { colours: look.signed, limit, padded: part.padded }),
      make("span", "then", "×"),
      grid("kernel", part.kernel, { colours: look.kernel, limit: strongest }),
      make("span", "then", "="),
      make("span", "part", text(rounded.terms[i])),
    )
  })
  const shown = rounded.terms.slice(0, Math.min(parts.length, WRITTEN))
  const left = rounded.terms.slice(shown.length, parts.length).reduce((sum, term) => sum + term, 0)
  const sum = make("p", "sum")
  const words = shown.map((term, i) => signed(text(term), i === 0))
  if (parts.length > shown.length) words.push(`${signed(text(left))} (${parts.length - shown.length} more)`)
  if (rest) words.push(`${signed(text(rounded.terms[parts.length]))} (the other ${rest.count} channels)`)
  sum.append(`${words.join(" ")} ${signed(text(rounded.terms[terms.length - 1]))} bias = `, make("b", "", text(rounded.sum)))
  for (const [name, value] of then) sum.append(make("span", "then", `  →  ${name}  →  `), make("b", "", text(value)))
  return [cards, sum, note(terms)]
}

function pool({ window, padded, winner, how, total, limit }, look) {
  const sum = make("p", "sum")
  sum.append(`${how} = `, make("b", "", short(total, 5)))
  return [grid("window", window, { colours: look.signed, limit, padded, winner }), sum]
}

/** A dense unit: the strongest products, the rest of them, the bias. */
function dense({ rows, rest, bias, total, then }) {
  const terms = [...rows.map(row => row[3]), rest.total, bias]
  const decimals = decimalsFor([...terms, total])
  const rounded = adding(terms, total, decimals)
  const text = value => (value === 0 ? "0" : fixed(value, decimals))
  const lines = rows.map(([name, value, weight], i) => [name, short(value), short(weight), text(rounded.terms[i])])
  if (rest.count) lines.push([`the other ${rest.count}`, "", "", text(rounded.terms[rows.length])])
  lines.push(["bias", "", "", text(rounded.terms[rows.length + 1])])
  const sum = make("p", "sum")
  sum.append("sum = ", make("b", "", text(rounded.sum)))
  for (const [name, value] of then) sum.append(make("span", "then", `  →  ${name}  →  `), make("b", "", text(value)))
  return [table(["input", "value", "weight", "product"], lines), sum, note(terms)]
}

/** Softmax: every exponential, their sum, and the shares. */
function softmax({ rows, rest, total, shift, here }) {
  const [exps, shares] = [2, 3].map(column => [...rows.map(row => row[column]), rest[column]])
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
  return [made, make("p", "", "Each share is its exponential divided by the sum of all.")]
}

const signed = (text, first = false) =>
  text.startsWith("−") ? (first ? text : `− ${text.slice(1)}`) : first ? text : `+ ${text}`

const note = terms => make("p", "note", terms.every(Number.isInteger) ? "" : "Numbers are rounded; they add up as they stand.")

function grid(label, rows, { colours, limit, padded = [], winner = -1 }) {
  const made = new Grid(label)
  const columns = rows[0].length
  const tiny = Math.max(rows.length, columns) > NUMBERS_UP_TO
  made.fill(rows.length, columns, rows.flat().map((value, i) => {
    const outside = padded.flat()[i]
    const level = Math.round(127 + 127 * Math.max(-1, Math.min(1, value / limit)))
    const text = value === null ? "" : short(value, 2)
    const kind = `${outside ? "padded" : ""} ${i === winner ? "winner" : ""}`
    const style = value === null || outside ? {} : ink(colours[level])
    return { text: tiny ? "" : text, title: value === null ? "padding" : short(value, 6), kind, ...style }
  }))
  made.cells.classList.toggle("tiny", tiny)
  if (!tiny) made.cells.style.setProperty("--width", "4.3em") // all windows alike
  return made.element
}

function table(head, rows) {
  const scroll = make("div", "scroll")
  const made = scroll.appendChild(make("table", ""))
  const line = (tag, texts) => {
    const row = made.appendChild(make("tr", ""))
    texts.forEach(text => row.append(make(tag, "", text)))
  }
  line("th", head)
  rows.forEach(texts => line("td", texts))
  return scroll
}
