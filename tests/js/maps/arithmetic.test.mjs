// The arithmetic of one cell, in isolation: run with `python -m scripts.js_check`.

import assert from "node:assert/strict"
import { test } from "node:test"

import { ACTIVATIONS, complementaryError } from "../../../static/components/maps/activations.js"
import { convolve, nearest, pool, source, touched, trace } from "../../../static/components/maps/arithmetic.js"
import { adding, decimalsFor, fixed, near, percent, short, typed } from "../../../static/components/core/numbers.js"
import { signed } from "../../../static/components/maps/panel-words.js"

const INPUT = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
const given = {
  channels: 1, height: 5, width: 5, value: (_, row, column) => INPUT[row][column],
}
const chain = {
  matrices: [[[0, 1, 2], [2, 2, 0], [0, 1, 2]]], divisor: 1, flip: false, bias: 0,
  stride: [1, 1], dilation: [1, 1], pads: [[0, 0], [0, 0]], mode: "zeros",
  activation: "none", parameters: {}, pooling: null,
  sizes: { input: [5, 5], features: [3, 3], pooled: [3, 3] },
}
const map = (chain, rows, columns) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => convolve(chain, given, r, c).features))

test("Dumoulin and Visin's figure comes out", () => {
  assert.deepEqual(map(chain, 3, 3), [[12, 12, 17], [10, 17, 19], [9, 6, 14]])
})

test("with padding 1 and stride 2 it is their other figure", () => {
  const padded = { ...chain, stride: [2, 2], pads: [[1, 1], [1, 1]] }
  assert.deepEqual(map(padded, 3, 3), [[6, 17, 3], [8, 17, 13], [6, 4, 4]])
})

test("a flipped kernel of a flipped kernel is the kernel", () => {
  const turned = chain.matrices[0].map(row => [...row].reverse()).reverse()
  assert.deepEqual(map({ ...chain, matrices: [turned], flip: true }, 3, 3), map(chain, 3, 3))
})

test("terms that cancel add up to 0, on the scale from 0 to 1 too", () => {
  const column = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
  const flat = { ...given, value: (_, _row, at) => (at + 1) * 5 / 255 }
  const { channels: [{ sum, taps }], total } = convolve({ ...chain, matrices: [column] }, flat, 0, 0)
  assert.notEqual(taps.reduce((all, { product }) => all + product, 0), 0)
  assert.deepEqual([sum, total], [0, 0])
})

test("a small result of whole numbers is not rounding", () => {
  const large = { ...given, value: (_, row, at) => [1e6, 1e6, 1][at] * (row === 0 ? 1 : 0) }
  const row = [[1e6, -1e6, 3], [0, 0, 0], [0, 0, 0]]
  assert.equal(convolve({ ...chain, matrices: [row] }, large, 0, 0).total, 3)
})

test("each padding mode finds the cell that PyTorch finds", () => {
  assert.deepEqual([-2, -1, 4, 5].map(i => source(i, 4, "reflect")), [2, 1, 2, 1])
  assert.deepEqual([-2, -1, 4, 5].map(i => source(i, 4, "replicate")), [0, 0, 3, 3])
  assert.deepEqual([-2, -1, 4, 5].map(i => source(i, 4, "circular")), [2, 3, 0, 1])
  assert.deepEqual([-1, 0, 3, 4].map(i => source(i, 4, "zeros")), [-1, 0, 3, -1])
})

test("a cell feeds exactly the cells whose windows hold it", () => {
  const wide = {
    ...chain, stride: [2, 2], dilation: [2, 2], pads: [[2, 1], [2, 1]], sizes: { ...chain.sizes, features: [2, 2] },
  }
  for (let line = 0; line < 5; line++) {
    const feeds = [0, 1].filter(o => trace(wide, 0, 1, [o])[0].includes(line))
    assert.deepEqual(trace(wide, 0, 0, [line])[1], feeds)
  }
})

test("a pooled cell is traced through the features back to the picture", () => {
  const pooling = { kind: "max", window: [2, 2], stride: [1, 1], pads: [0, 0], include: true }
  const [picture, features, , pooled] = trace(
    { ...chain, pooling, sizes: { ...chain.sizes, pooled: [2, 2] } }, 0, 3, [1])
  assert.deepEqual([picture, features, pooled], [[1, 2, 3, 4], [1, 2], [1]])
})

test("the winner of max pooling is the first of the largest", () => {
  const pooling = { kind: "max", window: [2, 2], stride: [1, 1], pads: [0, 0], include: true }
  const { result, winner } = pool({ ...chain, pooling }, given, 0, 0)
  assert.deepEqual([result, winner], [17, 3])
})

test("an average counts its padding only when it is told to", () => {
  const pooling = { kind: "average", window: [2, 2], stride: [2, 2], pads: [1, 1], include: true }
  assert.equal(pool({ ...chain, pooling }, given, 0, 0).result, 3)
  assert.equal(pool({ ...chain, pooling: { ...pooling, include: false } }, given, 0, 0).result, 12)
})

test("pointing at the picture finds the window centred on that cell", () => {
  assert.equal(nearest({ ...chain, pads: [[1, 1], [1, 1]], sizes: { ...chain.sizes, features: [5, 5] } }, 0, 2), 2)
  assert.equal(nearest(chain, 0, 0), 0)
  assert.equal(nearest(chain, 0, 4), 2)
})

test("a kernel cell touches every cell that some window lays it on", () => {
  assert.deepEqual(touched(chain, 0, 0), [0, 1, 2])
  assert.deepEqual(touched({ ...chain, stride: [2, 2], sizes: { ...chain.sizes, features: [2, 2] } }, 0, 1), [1, 3])
})

test("erfc agrees with its known values", () => {
  for (const [x, value] of [[0, 1], [0.5, 0.4795001221869535], [2, 0.004677734981047266], [5, 1.5374597944280349e-12]]) {
    assert.ok(Math.abs(complementaryError(x) / value - 1) < 1e-11, `erfc(${x})`)
  }
  assert.ok(Math.abs(complementaryError(-1) - 1.8427007929497148) < 1e-12)
})

test("activations stay finite far out", () => {
  const parameters = { negative_slope: 0.01, weight: 0.25, alpha: 1 }
  for (const [name, f] of Object.entries(ACTIVATIONS)) {
    for (const x of [-1000, -1, 0, 1, 1000]) assert.ok(Number.isFinite(f(x, parameters)), `${name}(${x})`)
  }
})

test("rounded terms add up to the rounded sum, each within one unit", () => {
  let seed = 1
  const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647)
  for (let round = 0; round < 500; round++) {
    const terms = Array.from({ length: 1 + Math.floor(12 * random()) }, () => (random() - 0.5) * 10 ** Math.floor(5 * random()))
    const sum = terms.reduce((a, b) => a + b, 0)
    const decimals = decimalsFor(terms)
    const written = adding(terms, sum, decimals)
    const unit = 10 ** decimals
    const total = written.terms.reduce((a, b) => a + Math.round(b * unit), 0)
    assert.equal(total, Math.round(sum * unit))
    written.terms.forEach((term, i) => assert.ok(Math.abs(term - terms[i]) * unit <= 1 + 1e-6))
  }
})

test("whole numbers are written without decimals and with a true minus", () => {
  assert.equal(fixed(-106, 0), "−106")
  assert.equal(fixed(-0.0001, 2), "0.00")
  assert.equal(short(-1755.4, 3), "−1755")
  assert.equal(short(2.7e-12), "2.7·10⁻¹²")
})

test("a value rounded to an asymptote is written with ≈", () => {
  assert.deepEqual([Math.tanh(6.88), Math.tanh(-6.88), 1 / (1 + Math.exp(20)), Math.tanh(2), 1, 0].map(value => near(value)), ["≈ 1", "≈ −1", "2.06·10⁻⁹", "0.964", "1", "0"])
  assert.deepEqual([near(0.9996, 3), near(1.0004, 3), near(0.5, 3)], ["≈ 1", "≈ 1", "0.5"])
})

test("shares are in percent, and only nothing is 0 % and all 100 %", () => {
  assert.deepEqual([0, 1e-9, 0.01, 0.5049, 0.989, 0.9999, 1].map(percent), ["0 %", "< 1 %", "1 %", "50 %", "99 %", "> 99 %", "100 %"].map(text => text.replaceAll(" ", "\u00a0")))
})

test("from five digits on, numbers are grouped in threes, and can be read back", () => {
  const written = [short(62790), short(-105556), short(18101.5149), fixed(1234567.25, 2), short(0.0123456), short(9300)]
  assert.deepEqual(written.map(text => text.replaceAll("\u202f", "_")), ["62_790", "−105_556", "18_101.515", "1_234_567.25", "0.0123", "9300"])
  assert.deepEqual(written.map(typed), [62790, -105556, 18101.515, 1234567.25, 0.0123, 9300])
  assert.ok(Number.isNaN(typed(" ")))
  assert.deepEqual([signed(fixed(62790, 0)), signed(fixed(-62790, 0)), signed("0")].map(text => text.replace("\u202f", "_")), ["+62_790", "−62_790", "0"])
})
