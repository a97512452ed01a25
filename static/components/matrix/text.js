// Matrices as text: what is typed into a cell, pasted, and copied. What is pasted is read as
// cnnviz.kernels.parse_kernel reads it; a test holds the two together.

import { short, sign } from "../core/numbers.js"

const MOST_CHARACTERS = 20_000
const MOST_DENOMINATOR = 10 ** 6
const EXACT = 2 ** 53 // whole numbers up to here are exact in double precision
const TIDY = {
  "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "\u00a0": " ", "\u202f": " ", "\r": "\n",
}
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const DECIMAL_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i

/** Text that is no matrix; the message is one sentence for the person. */
export class Unreadable extends Error {}

const tidy = text => text.replace(/[−–×·÷\u00a0\u202f\r]/g, found => TIDY[found]).trim()
const words = text => text.split(/\s+/).filter(Boolean)
const decimalPoint = cell => (DECIMAL_COMMA.test(cell) ? cell.replace(",", ".") : cell)
const count = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`
const times = (text, character) => text.split(character).length - 1

/** The text without these characters at its ends. */
function strip(text, characters, { left = true } = {}) {
  let [start, end] = [0, text.length]
  while (left && start < end && characters.includes(text[start])) start++
  while (end > start && characters.includes(text[end - 1])) end--
  return text.slice(start, end)
}

/** [1, 9] for "1/9" and [0.5, 1] for "0.5", or null for what is no number. */
function fraction(text) {
  const parts = text.split("/")
  if (parts.length > 2 || !parts.every(part => NUMBER.test(part))) return null
  const [above, below = 1] = parts.map(Number)
  return [above, below]
}

/** The number that was typed into a cell; throws Unreadable. */
export function readNumber(text, where) {
  const compact = decimalPoint(tidy(text).replace(/\s*\/\s*/, "/"))
  const [above, below] = readCell(compact, where)
  return above / below + 0 // never −0
}

function readCell(text, where) {
  if (!text) throw new Unreadable(`${where} is empty.`)
  const shown = text.length <= 24 ? text : `${text.slice(0, 23)}…`
  const parts = fraction(text)
  if (!parts) throw new Unreadable(`${where} is “${shown}”, which is not a number.`)
  if (!parts.every(Number.isFinite)) throw new Unreadable(`${where} is “${shown}”, which is too large a number.`)
  if (parts[1] === 0) throw new Unreadable(`${where} is “${shown}”, and nothing can be divided by 0.`)
  if (!Number.isFinite(parts[0] / parts[1])) throw new Unreadable(`${where} is “${shown}”, which is too large a number.`)
  return parts
}

/**
 * Read a matrix: rows on lines or between semicolons, cells between tabs, spaces or commas, or
 * brackets as Python, NumPy, PyTorch and MATLAB write them; "1/16 *" in front or "/ 16" at the
 * end. Returns { rows, divisor }; fractions become whole numbers over one divisor where they can.
 */
export function parseMatrix(text, highest) {
  if (text.length > MOST_CHARACTERS) {
    throw new Unreadable(`The text has ${text.length} characters; at most ${MOST_CHARACTERS} are read.`)
  }
  const named = tidy(text).replace(/^[a-z_]\w*\s*=\s*/i, "")
  const { body, factor, divisor } = splitScale(named)
  const table = tableOf(body)
  checkShape(table, highest)
  const numbers = table.map((cells, row) =>
    cells.map((cell, column) => readCell(cell, `Row ${row}, column ${column}`)))
  const { rows, denominator } = overOneDenominator(numbers)
  const scaled = rows.map(row => row.map(number => factor * number + 0))
  return checkScale(scaled, divisor * denominator)
}

function splitScale(text) {
  let [body, factor, divisor] = [text, 1, 1]
  const star = text.indexOf("*")
  const front = star > 0 && star < text.length - 1 && fraction(strip(text.slice(0, star).trim(), "()"))
  if (front) {
    [factor, divisor] = front
    body = text.slice(star + 1).trim()
  }
  for (const operator of "*/") {
    const cut = body.lastIndexOf(operator)
    if (cut < 1 || !" \t\n)]}".includes(body[cut - 1])) continue // within a cell, as in 1/9, or none
    const scale = fraction(strip(body.slice(cut + 1).trim(), "()"))
    if (!scale) continue
    const [above, below] = operator === "*" ? scale : [scale[1], scale[0]]
    factor *= above
    divisor *= below
    body = body.slice(0, cut).trimEnd()
  }
  return { body, factor, divisor }
}

/** Cut the text into rows of cells. */
function tableOf(text) {
  const call = /^[a-z_][\w.]*\((.*)\)$/is.exec(text)
  let body = call ? strip(call[1].split(/\b[a-z_]\w*\s*=/i)[0], " \t\n,") : text // without dtype=…
  body = body.replace(/[({]/g, "[").replace(/[)}]/g, "]")
  const [opened, closed] = [times(body, "["), times(body, "]")]
  if (opened !== closed) {
    throw new Unreadable(`The brackets do not match: ${opened} open and ${closed} close.`)
  }
  if (!opened) return linesOf(body)
  if (body.startsWith("[") && body.endsWith("]")) {
    const inner = body.slice(1, -1).split("/").map(part => part.trim()).join("/") // 1 / 9 is one number here
    if (opened === 1) return linesOf(inner)
    const [outside, ...pieces] = inner.split("[")
    const between = pieces.map(piece => piece.slice(piece.indexOf("]") + 1))
    if (pieces.every(piece => piece.includes("]")) && !strip([outside, ...between].join(""), " ,;\t\n")) {
      return pieces.map((piece, i) => cellsOf(piece.slice(0, piece.indexOf("]")), i))
    }
  }
  throw new Unreadable("The brackets should hold rows, as in [[1, 0], [0, -1]].")
}

function linesOf(body) {
  const lines = body.split("\n").map(line => strip(line.trim(), "; \t", { left: false })).filter(Boolean)
  const table = lines.map(line => line.split(";").map(cell => cell.trim()))
  const parts = table.flat()
  const fromSpreadsheet = table.length > 1 && table.every(row => row.length > 1)
    && parts.every(part => words(part).length < 2)
  return fromSpreadsheet ? table.map(row => row.map(decimalPoint)) : parts.map((part, i) => cellsOf(part, i))
}

function cellsOf(row, number) {
  if (!row.includes(",")) {
    return row.includes("\t") ? row.split("\t").map(cell => cell.trim()) : words(row)
  }
  const byComma = row.split(",").map(cell => cell.trim())
  if (byComma.every(cell => words(cell).length < 2)) return byComma.at(-1) ? byComma : byComma.slice(0, -1)
  const byTab = row.split("\t").map(cell => cell.trim())
  if (byTab.every(cell => !cell.includes(",") || DECIMAL_COMMA.test(cell))) return byTab.map(decimalPoint)
  throw new Unreadable(
    `Row ${number} has both commas and spaces between its numbers: keep one of the two, ` +
    "and write decimals with a point.")
}

function checkShape(table, highest) {
  if (!table.some(row => row.length)) {
    throw new Unreadable("There is no number in the text: write rows of numbers, as 1 0 -1.")
  }
  const columns = table[0].length
  table.forEach((row, i) => {
    if (row.length !== columns) {
      throw new Unreadable(
        `Row ${i} has ${count(row.length, "number")} and row 0 has ${columns}; all rows need the same.`)
    }
  })
  if (Math.max(table.length, columns) > highest) {
    throw new Unreadable(
      `The matrix has ${count(table.length, "row")} and ${count(columns, "column")}; ` +
      `at most ${highest} of each can be used.`)
  }
}

const common = (a, b) => (b ? common(b, a % b) : a)

function overOneDenominator(numbers) {
  const whole = numbers.flat(2).every(part => Number.isInteger(part) && Math.abs(part) <= EXACT)
  const denominator = numbers.flat().reduce((lcm, [, below]) => {
    const size = Math.abs(below)
    return whole && lcm <= MOST_DENOMINATOR ? (lcm / common(lcm, size)) * size : Infinity
  }, 1)
  const rows = numbers.map(row => row.map(([above, below]) => above * (denominator / below)))
  if (denominator <= MOST_DENOMINATOR && rows.flat().every(number => Math.abs(number) <= EXACT)) {
    return { rows, denominator }
  }
  return { rows: numbers.map(row => row.map(([above, below]) => above / below)), denominator: 1 }
}

function checkScale(rows, divisor) {
  if (divisor === 0) throw new Unreadable("The divisor is 0, and nothing can be divided by 0.")
  rows.forEach((row, i) => row.forEach((number, j) => {
    if (!Number.isFinite(number / divisor)) {
      throw new Unreadable(`Row ${i}, column ${j} is ${number} / ${divisor}, which is not finite.`)
    }
  }))
  if (!Number.isFinite(divisor)) throw new Unreadable(`The matrix is divided by ${divisor}, which is not finite.`)
  return { rows, divisor }
}

/** Throw Unreadable where a number is too large to be computed with. */
export function checkLargest({ rows, divisor }, largest) {
  rows.forEach((row, i) => row.forEach((number, j) => {
    if (Math.abs(number / divisor) <= largest) return
    const written = divisor === 1 ? number : `${number} / ${divisor}`
    throw new Unreadable(`Row ${i}, column ${j} is ${written}, and numbers up to ${largest} can be used.`)
  }))
}

/** "1/9" for what is exactly a fraction with a denominator up to `most`, or null. */
function asFraction(value, most) {
  if (Math.abs(value) > 1000) return null
  for (let below = 2; below <= most; below++) {
    const above = Math.round(value * below)
    if (above / below === value) return `${above}/${below}`
  }
  return null
}

/** A number as it stands in its cell: short. */
export function cellText(value) {
  const exact = String(value)
  return sign(exact.length <= 6 ? exact : asFraction(value, 99) ?? short(value, 3))
}

/** A number as it is edited: all of it. */
export function exactText(value) {
  const exact = String(value)
  return exact.length <= 8 ? exact : asFraction(value, 1000) ?? exact
}

/** Rows for a spreadsheet: decimals, because it would take 1/9 for a date. */
export const asTabs = rows => rows.map(row => row.join("\t")).join("\n")

/** The matrix as a line of a NumPy program. */
export function asNumpy(rows, divisor = 1) {
  const lines = rows.map(row => `[${row.map(exactText).join(", ")}]`)
  const array = `np.array([${lines.join(`,\n${" ".repeat(10)}`)}])`
  return divisor === 1 ? array : `${array} / ${exactText(divisor)}`
}
