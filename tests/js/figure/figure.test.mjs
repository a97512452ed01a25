// A figure: its words are text, fit on it, and have the digits of the panel.

import assert from "node:assert/strict"
import { test } from "node:test"

import { drawLayers } from "../../../static/components/figure/layers.js"
import { called, columnsOf, steps } from "../../../static/components/figure/plan.js"
import { drawSentence } from "../../../static/components/figure/sums.js"
import { Drawing, LOOKS, widthOf, wrapped } from "../../../static/components/figure/svg.js"
import { convolve, pool, trace } from "../../../static/components/maps/arithmetic.js"
import { sentence } from "../../../static/components/maps/panel-sentence.js"

const INPUT = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
const given = { channels: 1, height: 5, width: 5, value: (_, row, column) => INPUT[row][column] }
const chain = {
  title: "Own", kernelLabel: "your kernel", matrices: [[[0, 1, 2], [2, 2, 0], [0, 1, 2]]], divisor: 1, flip: false,
  bias: 0, stride: [1, 1], dilation: [1, 1], pads: [[0, 0], [0, 0]], mode: "zeros", activation: "relu",
  activationTitle: "ReLU", bounded: false, parameters: {}, norm: null,
  pooling: { kind: "max", window: [2, 2], stride: [1, 1], pads: [0, 0], include: true },
  sizes: { input: [5, 5], features: [3, 3], pooled: [2, 2] }, unread: [null, null, null, null],
}
const inks = () => () => ({ background: "#ffffff", color: "#000000" })
const colours = { signed: inks, kernel: inks, grey: inks, value: inks() }

function reading(of, row, column) {
  const pooled = of.pooling && { ...pool(of, given, 0, 0), cell: [0, 0] }
  return {
    chain: of, cell: [row, column], pooled, poolings: pooled ? [pooled] : [],
    lines: [0, 1].map((axis, i) => trace(of, axis, 1, [[row], [column]][i])), ...convolve(of, given, row, column),
  }
}

function drawn(of, width, row = 0, column = 0) {
  const drawing = new Drawing(LOOKS.light)
  const height = drawSentence(drawing, sentence(reading(of, row, column), colours), 0, 0, width)
  return { svg: drawing.svg(width, height, "t"), height, parts: drawing.parts }
}

const texts = parts => parts.flatMap(part => part.match(/>([^<]+)<\/text>/)?.[1] ?? [])
const numbers = (part, ...names) => names.map(name => Number(part.match(new RegExp(` ${name}="([^"]+)"`))?.[1]))

test("a name is only ever text", () => {
  for (const name of ["<script>alert(1)</script>", "a \"b\" & 'c'", "]]>"]) {
    const drawing = new Drawing(LOOKS.dark)
    drawing.text(name, 0, 0, 12)
    drawing.rect([0, 0, 1, 1], { fill: name })
    const svg = drawing.svg(10, 10, name)
    assert.equal(svg.match(/<script|'c'|"b"/g), null)
    assert.equal([...svg.matchAll(/<(\w+)/g)].map(([, tag]) => tag).join(), "svg,title,rect,text,rect")
  }
})

test("Dumoulin and Visin's first cell is written out as the panel writes it", () => {
  const found = texts(drawn(chain, 1200).parts)
  const numbers = ["3", "3", "2", "0", "0", "1", "3", "1", "2"] // the window
  assert.deepEqual(found.slice(found.indexOf("window of the input") + 1).slice(0, 9), numbers)
  for (const text of ["your kernel", "products", "+4", "sum", "3 + 4 + 1 + 4", "12", "ReLU", "pooled", "17"]) {
    assert.ok(found.includes(text), `${text} is not in ${found}`)
  }
})

test("the bias is written if there is one", () => {
  const found = texts(drawn({ ...chain, bias: -5 }, 1200).parts)
  for (const text of ["sum + bias", "3 + 4 + 1 + 4 = 12", "bias − 5", "7"]) assert.ok(found.includes(text), `${text} is not in ${found}`)
})

test("an answer that is to be predicted appears nowhere", () => {
  const drawing = new Drawing(LOOKS.light)
  drawSentence(drawing, sentence(reading(chain, 0, 0), colours), 0, 0, 1200, true)
  const found = texts(drawing.parts)
  assert.ok(found.includes("?"))
  assert.ok(!found.includes("12"))
  assert.ok(!found.includes("3 + 4 + 1 + 4"))
})

test("a sentence takes more lines if there is less room, and stays within it", () => {
  const heights = [1200, 700, 500].map(width => {
    const { height, parts } = drawn(chain, width)
    for (const part of parts.filter(part => part.startsWith("<rect"))) {
      const [x, y, w, h] = numbers(part, "x", "y", "width", "height")
      assert.ok(x >= 0 && x + w <= width && y >= 0 && y + h <= height, part)
    }
    return height
  })
  assert.ok(heights[0] < heights[1] && heights[1] < heights[2])
})

test("a kernel too large for its numbers is drawn in colours", () => {
  const large = { ...chain, matrices: [Array.from({ length: 15 }, () => Array(15).fill(-0.125))], pads: [[7, 7], [7, 7]], pooling: null }
  const { parts } = drawn({ ...large, sizes: { input: [5, 5], features: [5, 5], pooled: [5, 5] } }, 1224)
  assert.equal(parts.filter(part => part.startsWith("<rect") && !part.includes("hatch") && !part.includes("dasharray")).length, 3 * 225)
  assert.ok(texts(parts).filter(text => text === "−0.125").length === 0)
})

test("a text is broken at spaces, and each line fits", () => {
  const lines = wrapped("Sobel x 3 × 3, stride 1, padding 1 → ReLU → max pooling 2 × 2, stride 2", 17, 300)
  assert.ok(lines.length > 1)
  assert.ok(lines.every(line => widthOf(line, 17) <= 300))
  assert.equal(lines.join(" "), "Sobel x 3 × 3, stride 1, padding 1 → ReLU → max pooling 2 × 2, stride 2")
})

test("four maps are in one row, and many in equal rows", () => {
  assert.deepEqual([1, 2, 4, 5, 6, 8, 11].map(count => columnsOf(count, 1)), [1, 2, 4, 3, 3, 4, 5])
  assert.equal(columnsOf(5, 3), 5)
})

test("a map is named after its place and its kernel, without repetition", () => {
  assert.equal(called("2 Convolution", { stage: 1, title: "Sobel x" }), "2 Convolution: Sobel x")
  assert.equal(called("2 Convolution", { stage: 1, title: "" }), "2 Convolution")
  assert.equal(called("1 Feature map", { stage: 2, title: "Feature map after ReLU" }), "1 Feature map after ReLU")
  assert.equal(called("1 Input", { stage: 0, title: "Red" }), "1 Red")
  assert.equal(called("", { stage: 1, title: "Grey" }), "Grey")
})

test("a caption says how the maps are made", () => {
  assert.deepEqual(steps(chain), ["Own 3 × 3, stride 1, padding 0", "ReLU", "max pooling 2 × 2, stride 1"])
  const lone = { ...chain, matrices: [[[1]]], activation: "none" }
  assert.deepEqual(steps(lone), ["max pooling 2 × 2, stride 1"])
})

test("a caption names padding other than zeros, and the padding of the pooling", () => {
  const [convolution] = steps({ ...chain, mode: "reflect", pads: [[1, 1], [1, 1]] })
  assert.equal(convolution, "Own 3 × 3, stride 1, padding 1 (reflect)")
  assert.equal(steps({ ...chain, mode: "reflect" })[0], "Own 3 × 3, stride 1, padding 0")
  const [pooling] = steps({ ...chain, pooling: { ...chain.pooling, pads: [1, 0] } }).slice(-1)
  assert.equal(pooling, "max pooling 2 × 2, stride 1, padding 1 down, 0 across")
})

test("the names below the bars of a layer go on in a second line, in letters in which none of them is cut", () => {
  const labels = ["acoustic guitar", "drumstick", "cat"]
  const layer = {
    title: "shares", figures: "", labels, drawn: 3, shape: [3, 1, 1], size: [1, 1], offset: 0, vector: true, order: null,
  }
  const header = { table: { light: 0 }, kernelTable: { light: 0 } }
  const told = width => {
    const drawing = new Drawing(LOOKS.light)
    drawLayers(drawing, { exact: [[0.1, 0.7, 0.2]], header, plane: (_, size) => new Uint8Array(size), layers: [layer] }, 0, 0, width)
    return texts(drawing.parts)
  }
  for (const width of [300, 180]) for (const name of ["acoustic", "guitar", "drumstick", "cat"]) {
    assert.ok(told(width).includes(name), `${name} is not in ${told(width)}`)
  }
})
