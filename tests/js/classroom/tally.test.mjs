import assert from "node:assert/strict"
import { test } from "node:test"

import { bars, bins, found, heat, holds, nice, saysTruth, span, verdict } from "../../../static/components/classroom/tally.js"

test("few numbers have a bar each", () => {
  assert.deepEqual(bins([[3, 2, true], [7, 1]]), [{ low: 3, high: 3, count: 2, right: true }, { low: 7, high: 7, count: 1, right: false }])
  assert.deepEqual(bins([]), [])
})

test("many numbers share bars of one width, and none is lost", () => {
  const tally = Array.from({ length: 40 }, (_, i) => /** @type {[number, number]} */ ([i * 2.5 - 30, i + 1]))
  const found = bins(tally)
  assert.equal(found.reduce((sum, { count }) => sum + count, 0), 820)
  assert.ok(found.length <= 12)
  assert.ok(found.every(({ low, high }) => high - low === 10))
  for (const [value] of tally) assert.equal(found.filter(bin => holds(bin, value)).length, 1)
})

test("each of the answers 0.1, 0.2 … is counted in its own bar", () => {
  const tally = Array.from({ length: 13 }, (_, i) => /** @type {[number, number]} */ ([(i + 1) / 10, 1]))
  assert.deepEqual(bins(tally).map(({ count }) => count), Array(13).fill(1))
  for (const [value] of tally) assert.deepEqual(bins(tally).filter(bin => holds(bin, value)).map(span), [`${value} …`])
})

test("a number far from all others is counted without squeezing them into one bar", () => {
  const others = Array.from({ length: 27 }, (_, i) => /** @type {[number, number]} */ ([100 + i, 2]))
  const found = bins([[-1e9, 1], ...others, [5e11, 1], [1e12, 1]])
  assert.deepEqual(found.map(span), ["… 100", "100 …", "105 …", "110 …", "115 …", "120 …", "125 …", "130 …"])
  assert.deepEqual(found.map(({ count }) => count), [1, 10, 10, 10, 10, 10, 4, 2])
  assert.deepEqual([-1e9, 126, 1e12].map(value => found.findIndex(bin => holds(bin, value))), [0, 6, 7])
})

test("every answer that was right is marked, and those that are written alike share a bar", () => {
  const tally = /** @type {[number, number, boolean][]} */ ([[224, 10, true], [224.333, 4, true], [224.33333, 2, true], [229, 4, false]])
  assert.deepEqual(bars(tally, 224.333), [
    { text: "224", count: 10, right: true, mine: false },
    { text: "224.333", count: 6, right: true, mine: true },
    { text: "229", count: 4, right: false, mine: false },
  ])
  assert.equal(found(tally), "16 people found it.")
  assert.equal(found([[3, 4, 5, false]]), "No one found it.")
  assert.equal(found([]), "")
})

test("the width of a bar is 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([0.7, 1, 1.1, 3, 7, 70, 0.03].map(nice).map(width => Number(width.toPrecision(3))), [1, 1, 2, 5, 10, 100, 0.05])
})

test("a bar states its range, and counts only given answers", () => {
  assert.equal(span({ low: -3, high: -3 }), "−3")
  assert.equal(span({ low: 10, high: 20 }), "10 …")
  assert.equal(holds({ low: 0, high: 5 }, null), false)
  assert.equal(holds({ low: 0, high: 5 }, 5), false)
})

test("heat peaks where most have tapped, is symmetric about a tap, and ends at the border", () => {
  const found = heat([[2, 3, 4], [8, 8, 1]], 10, 12, 1)
  const at = (row, column) => found[row * 12 + column]
  assert.equal(at(2, 3), 1)
  assert.ok(Math.abs(at(2, 2) - at(2, 4)) < 1e-6 && Math.abs(at(1, 3) - Math.exp(-0.5)) < 1e-6)
  assert.ok(Math.abs(at(8, 8) - 0.25) < 1e-6)
  assert.deepEqual([...heat([], 2, 2, 1)], [0, 0, 0, 0])
})

test("each person learns whether theirs was right", () => {
  assert.equal(verdict({ kind: "number", mine: 3, right: true, truth: 3 }), "Yours was right.")
  assert.equal(verdict({ kind: "number", mine: 4, right: false, truth: -3 }), "Not this time: it is −3.")
  assert.equal(verdict({ kind: "draw", mine: [[0]], right: null, truth: null, tally: { kernels: [{ kernel: [[0]] }] } }), "Yours is among them.")
  assert.equal(verdict({ kind: "draw", mine: [[0]], right: null, truth: null, tally: { kernels: [{ kernel: [[1]] }] } }), "Yours was counted.")
  assert.equal(verdict({ kind: "choose", mine: null, right: null, truth: 1 }), "You gave no answer.")
})

test("the right number is stated once: by the verdict on a wrong answer, else on a line of its own", () => {
  assert.equal(saysTruth({ kind: "number", mine: 0, right: false, truth: -96 }), true)
  assert.equal(saysTruth({ kind: "number", mine: -96, right: true, truth: -96 }), false)
  assert.equal(saysTruth({ kind: "number", mine: null, right: null, truth: -96 }), false)
  assert.equal(saysTruth({ kind: "number", mine: null, right: false, truth: -96 }), false)
  assert.equal(saysTruth({ kind: "number", mine: undefined, right: null, truth: -96 }), false)
})
