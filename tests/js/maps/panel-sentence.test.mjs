// What the panel writes below the maps: the terms add up to the sum that is written beside them.

import assert from "node:assert/strict"
import { test } from "node:test"

import { sentence } from "../../../static/components/maps/panel-sentence.js"
import { told } from "../../../static/components/maps/panel-words.js"
import { read } from "../../../static/components/maps/reading.js"

const inks = () => () => ({ background: "#ffffff", color: "#000000" })
const colours = { signed: inks, kernel: inks, grey: inks, value: inks() }

/** What belongs to the first cell of a picture: planes of rows, and a kernel for each. */
function first(planes, matrices, { bias = 0, divisor = 1, mode = "zeros", pads = [[0, 0], [0, 0]], pooling = null } = {}) {
  const size = [planes[0].length, planes[0][0].length]
  const features = [size[0] - matrices[0].length + 1, size[1] - matrices[0][0].length + 1]
  const chain = {
    title: "Own", kernelLabel: "your kernel", matrices, divisor, flip: false, bias, stride: [1, 1], dilation: [1, 1],
    pads, mode, activation: "none", activationTitle: "None", bounded: false, parameters: {},
    norm: null, pooling, sizes: { input: size, features, pooled: [1, 1] }, unread: [null, null, null, null],
  }
  const given = { channels: planes.length, height: size[0], width: size[1], value: (c, row, column) => planes[c][row][column] }
  return read({ chains: [chain] }, chain, given, { stage: pooling ? 3 : 1, row: 0, column: 0 })
}

/** Its sentence. */
const said = (...given) => sentence(first(...given), colours)

const products = ({ channels }) => channels.map(one => one.products.cells.map(cell => cell.text))
const number = text => Number(text.replace("\u202f", "").replace("−", "-"))
const added = text => text.replaceAll("− ", "-").replaceAll("+ ", "").split(" ").reduce((sum, term) => sum + Number(term), 0)

test("numbers that are exact with a few decimals are written exactly", () => {
  const one = said([[[255, 254], [255, 255]]], [[[1, 1], [1, 0.25]]])
  assert.deepEqual(products(one), [["+255.00", "+254.00", "+255.00", "+63.75"]])
  assert.deepEqual([one.sum.lines, one.sum.big, one.note], [["255.00 + 254.00 + 255.00 + 63.75"], "827.75", ""])
})

test("terms have as many decimals as the sum, and add up to it", () => {
  const weights = [-0.00390625 * 1.1, -0.0179, -0.0931, 2.1234567, -0.0333333]
  const one = said([[[205, 190, 177, 203, 44]]], [[weights]])
  const exact = 205 * weights[0] + 190 * weights[1] + 177 * weights[2] + 203 * weights[3] + 44 * weights[4]
  assert.equal(number(one.sum.big), Number(exact.toFixed(3)))
  assert.equal(added(one.sum.lines[0]).toFixed(3), exact.toFixed(3))
  assert.equal(products(one)[0].reduce((sum, text) => sum + number(text), 0).toFixed(3), exact.toFixed(3))
  assert.equal(one.note, "Values rounded for display; they add up as shown.")
})

test("the parts of three channels, their products and their sum have the same decimals", () => {
  const planes = [[[200.4, 31]], [[17, 254.3]], [[90, 91]]]
  const one = said(planes, [[[1.1, 0.3333]], [[0.25, 2.7]], [[-0.1, 0.77]]])
  const parts = [200.4 * 1.1 + 31 * 0.3333, 17 * 0.25 + 254.3 * 2.7, 91 * 0.77 - 9]
  assert.deepEqual(one.channels.map(({ part }) => part), parts.map(part => `= ${part.toFixed(3)}`))
  const [terms, whole] = one.sum.lines[0].split(" = ")
  const exact = parts.reduce((sum, part) => sum + part, 0)
  assert.deepEqual([whole, one.sum.big], [exact.toFixed(3), String(Number(exact.toFixed(3)))])
  assert.equal(added(terms).toFixed(3), whole)
  for (const text of products(one).flat()) assert.match(text, /\.\d{3}$/)
})

test("the part beside each channel is the term in the sum", () => {
  const luma = [[[299]], [[587]], [[114]]]
  const one = said([210, 68, 25].map(level => [[level / 255]]), luma, { divisor: 1000 })
  // 246.235 + 156.533 + 11.176 would be 413.944, and the sum is 413.945: one decimal more.
  assert.deepEqual(one.channels.map(({ part }) => part), ["= 246.2353", "= 156.5333", "= 11.1765"])
  assert.equal(one.sum.lines[0], "246.2353 + 156.5333 + 11.1765 = 413.9451")
})

test("the bias is added to the written sum, and the written total comes out", () => {
  for (const [bias, divisor] of [[0.5, 1], [-0.1234, 1], [0.0625, 7], [20, 16]]) {
    const one = said([[[201, 3.3]]], [[[-1.7, 2.3]]], { bias, divisor })
    const before = one.sum.lines.at(-2).split(" = ").at(-1)
    const [, sign, shift] = one.sum.lines.at(-1).split(" ")
    const total = number(before) + (sign === "−" ? -1 : 1) * number(shift)
    assert.equal(total.toFixed(3), number(one.sum.big).toFixed(3), `${one.sum.lines} → ${one.sum.big}`)
    assert.equal(number(one.sum.big).toFixed(3), ((201 * -1.7 + 3.3 * 2.3) / divisor + bias).toFixed(3))
  }
})

test("a weight that three decimals would make 0 is a power of ten, and so are its products", () => {
  const one = said([[[255, 3]]], [[[1e-12, 2e-12]]])
  assert.deepEqual(one.channels[0].kernel.cells.map(cell => cell.text), ["1·10⁻¹²", "2·10⁻¹²"])
  assert.deepEqual(products(one), [["+2.55·10⁻¹⁰", "+6·10⁻¹²"]])
  assert.deepEqual([one.sum.lines, one.sum.big], [["2.55·10⁻¹⁰ + 6·10⁻¹²"], "2.61·10⁻¹⁰"])
  const mixed = said([[[255, 3]]], [[[1, -2e-6]]])
  assert.deepEqual(mixed.channels[0].kernel.cells.map(cell => cell.text), ["1.000", "−2·10⁻⁶"])
})

test("numbers of very many digits are powers of ten, in a sum as elsewhere", () => {
  const one = said([[[255, 3]]], [[[1e22, -3e21]]])
  assert.deepEqual(products(one), [["+2.55·10²⁴", "−9·10²¹"]])
  assert.deepEqual([one.sum.lines, one.sum.big], [["2.55·10²⁴ − 9·10²¹"], "2.54·10²⁴"])
})

test("a sum of one product is written once", () => {
  assert.deepEqual(said([[[9, 5]]], [[[1, 0]]], { bias: 3 }).sum.lines, ["9", "bias + 3"])
  assert.deepEqual(said([[[9, 5]]], [[[-1, 0]]], { bias: 3 }).sum.lines, ["−9", "bias + 3"])
  assert.deepEqual(said([[[218]]], [[[1]]], { divisor: 4 }).sum.lines, ["218", "÷ 4 = 54.5"])
  assert.deepEqual(said([[[9, 5]]], [[[0, 0]]], { bias: 3 }).sum.lines, ["0", "bias + 3"])
  assert.deepEqual(said([[[9, 5]]], [[[1, 2]]], { bias: 3 }).sum.lines, ["9 + 10 = 19", "bias + 3"])
})

test("whole numbers have no decimals and no note", () => {
  const one = said([[[3, 5], [7, 9]]], [[[1, -2], [0, 4]]], { divisor: 9, bias: 2 })
  assert.deepEqual(products(one), [["+3", "−10", "0", "+36"]])
  assert.deepEqual(one.sum.lines, ["3 − 10 + 36 = 29", "÷ 9 = 3.222", "bias + 2"])
  assert.equal(one.channels[0].kernel.label, "your kernel, ÷\u00a09") // the number never begins a line
  assert.equal(one.note, "Values rounded for display; they add up as shown.")
})

test("the note does not say that numbers add up if they do not", () => {
  const left = said([[[0.1, 0.2, 0.30000000001]]], [[[1, 1, -1]]])
  assert.deepEqual([left.sum.lines, left.sum.big], [["0.1 + 0.2 − 0.3"], "−1·10⁻¹¹"])
  assert.equal(left.note, "Values rounded for display.")
})

test("the note speaks of the pooling window, too", () => {
  const pooling = kind => ({ kind, window: [1, 3], stride: [1, 3], pads: [0, 0], include: true })
  const whole = [[[3, 4, 4]]], fractions = [[[123.456, 98.765, 101.25]]]
  const notes = [whole, fractions].map(planes => ["max", "average"].map(kind => said(planes, [[[1]]], { pooling: pooling(kind) }).note))
  assert.deepEqual(notes[0], ["", "Values rounded for display; they add up as shown."]) // 11 ÷ 3
  // Written are 123, 98.8 and 101: they are not 323.471.
  assert.deepEqual(notes[1], ["Values rounded for display; they add up as shown.", "Values rounded for display."])
})

test("the text for screen readers is a true sum, with the divisor and the bias", () => {
  const start = "Row 0, column 0: 9 × 1 + 5 × −2"
  assert.ok(told(first([[[9, 5]]], [[[1, -2]]])).startsWith(`${start} = −1.`))
  assert.ok(told(first([[[9, 5]]], [[[1, -2]]], { divisor: 4, bias: -3 })).startsWith(`${start}, ÷ 4, bias − 3 = −3.25.`))
})

test("rows and columns of the padding have the minus sign of other numbers", () => {
  const pads = [[1, 0], [2, 0]]
  const one = said([[[3, 5], [7, 9]]], [[[1, 1, 1], [1, 1, 1]]], { mode: "circular", pads })
  assert.deepEqual(one.channels[0].window.cells.slice(0, 3).map(({ title }) => title), [
    "row −1, column −2: padding (circular), from row 1, column 0",
    "row −1, column −1: padding (circular), from row 1, column 1",
    "row −1, column 0: padding (circular), from row 1, column 0",
  ])
  assert.equal(one.note, "5 cells of the window lie in the padding (circular): " +
    "row −1, column −2 takes its value from row 1, column 0.")
  assert.equal(said([[[3]]], [[[1, 1]]], { pads: [[0, 0], [1, 0]] }).channels[0].window.cells[0].title, "row 0, column −1: padding, 0")
})
