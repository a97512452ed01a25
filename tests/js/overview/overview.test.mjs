// What a cell of an overview sees, and where everything is.

import assert from "node:assert/strict"
import { test } from "node:test"

import { at, inRows, layout, rectangle } from "../../../static/components/overview/layout.js"
import { listen, nextCell } from "../../../static/components/overview/pointing.js"
import { reading, rough } from "../../../static/components/overview/reading.js"
import { trace } from "../../../static/components/overview/trace.js"

const SAME = [[1, 1, 0, 1], [1, 1, 0, 1]]
const both = (kernel, stride = 1, padding = 0, dilation = 1) => Array(2).fill([kernel, stride, padding, dilation])
const layer = (shape, more = {}) => ({
  shape, drawn: shape[0], windows: SAME, groups: shape[0], labels: [], block: [1, 1], size: shape.slice(1), title: "a", ...more,
})
const picture = layer([1, 16, 16], { picture: true, limit: 255 })
const conv = layer([4, 16, 16], { windows: both(3, 1, 1), groups: 1 })
const pool = layer([4, 8, 8], { windows: both(2, 2) })
const flat = layer([256, 1, 1], { windows: null, groups: 1, flat: true, vector: true })
const dense = layer([3, 1, 1], { windows: null, groups: 1, vector: true, labels: ["x", "y", "z"] })
const all = [picture, conv, pool, flat, dense]

test("a pooled cell sees two cells a side before it, of its own map, and four of the picture", () => {
  const seen = trace(all, { layer: 2, channel: 3, row: 2, column: 5 })
  assert.deepEqual(seen[1], { channels: [3, 3], rows: [4, 5], columns: [10, 11] })
  assert.deepEqual(seen[0], { channels: [0, 0], rows: [3, 6], columns: [9, 12] })
})

test("at the edge what lies in the padding is not part of the picture", () => {
  const seen = trace(all, { layer: 1, channel: 0, row: 0, column: 15 })
  assert.deepEqual(seen[0], { channels: [0, 0], rows: [0, 1], columns: [14, 15] })
})

test("a cell that sees nothing but padding sees nothing", () => {
  const far = layer([1, 20, 20], { windows: both(1, 1, 2), groups: 1 })
  assert.equal(trace([picture, far], { layer: 1, channel: 0, row: 0, column: 0 })[0], null)
})

test("a number of the flattened row is one cell, and that cell goes to that number", () => {
  const index = (2 * 8 + 3) * 8 + 6
  const seen = trace(all, { layer: 3, channel: index, row: 0, column: 0 })
  assert.deepEqual(seen[2], { channels: [2, 2], rows: [3, 3], columns: [6, 6] })
  const back = trace(all, { layer: 2, channel: 2, row: 3, column: 6 })
  assert.deepEqual(back[3].channels, [index, index])
})

test("a dense unit sees everything", () => {
  const seen = trace(all, { layer: 4, channel: 1, row: 0, column: 0 })
  assert.deepEqual(seen[3].channels, [0, 255])
  assert.deepEqual(seen[0], { channels: [0, 0], rows: [0, 15], columns: [0, 15] })
})

test("a grouped convolution sees the channels of its group", () => {
  const before = layer([4, 8, 8])
  const grouped = layer([6, 8, 8], { windows: both(3, 1, 1), groups: 2 })
  const seen = trace([before, grouped], { layer: 1, channel: 4, row: 4, column: 4 })
  assert.deepEqual(seen[0].channels, [2, 3])
})

test("a shuffled map sees the one that it was before", () => {
  const [before, after] = [layer([4, 8, 8]), layer([3, 8, 8], { windows: both(1, 1, 0), groups: 1, channels: [3, 0, 2] })]
  const seen = channel => trace([before, after], { layer: 1, channel, row: 4, column: 5 })[0]
  assert.deepEqual([0, 1, 2].map(channel => seen(channel).channels), [[3, 3], [0, 0], [2, 2]])
  assert.deepEqual([seen(0).rows, seen(0).columns], [[4, 4], [5, 5]])
})

test("a dilated window reaches as far as its last cell", () => {
  const wide = layer([1, 12, 12], { windows: both(3, 1, 0, 2), groups: 1 })
  const seen = trace([picture, wide], { layer: 1, channel: 0, row: 1, column: 0 })
  assert.deepEqual([seen[0].rows, seen[0].columns], [[1, 5], [0, 4]])
})

for (const width of [320, 900, 1600]) {
  test(`in a width of ${width} every cell of every layer is found where it is drawn, inside`, () => {
    const placed = layout(all, all.map(() => 20), width)
    all.forEach((one, i) => {
      const place = placed.places[i]
      for (const [channel, row, column] of [[0, 0, 0], one.shape.map(size => size - 1)]) {
        const [x, y, w, h] = rectangle(place, one.shape, channel, [row, row], [column, column])
        assert.ok(x >= 0 && x + w <= width + 0.01, `${i}: ${x} + ${w}`)
        assert.deepEqual(at(placed, all, x + w / 2, y + h / 2), { layer: i, channel, row, column })
      }
    })
    placed.places.reduce((end, place) => {
      assert.ok(place.y >= end)
      return place.y + place.height
    }, 0)
  })
}

test("between two maps there is nothing", () => {
  const placed = layout(all, all.map(() => 20), 900)
  const [x, y, w] = placed.places[1].box(0)
  assert.equal(at(placed, all, x + w + 2, y + 5), null)
})

test("only the main mouse button takes a cell apart", () => {
  let chosen = 0
  const sheet = { getBoundingClientRect: () => ({ left: 0, top: 0 }) }
  const open = { classList: { toggle() {} } }
  const { places } = layout(all, all.map(() => 20), 900)
  listen({ sheet, open, places, layers: all, point() {}, choose: () => { chosen++ } })
  const [clientX, clientY] = places[1].box(0).map(edge => edge + 5)
  for (const button of [1, 2, 0]) {
    const press = { button, clientX, clientY, pointerType: "mouse" }
    sheet.onpointerdown(press)
    sheet.onpointerup(press)
    assert.equal(chosen, Number(button === 0))
  }
})

test("a picture placed aside takes no room", () => {
  const aside = { ...picture, aside: true }
  const placed = layout([aside, conv], [0, 20], 900)
  assert.equal(placed.places[1].y, 20)
})

test("the reading of an exact cell says where, how much, and what it sees", () => {
  const cell = { layer: 1, channel: 2, row: 4, column: 5 }
  const exact = new Float32Array(4 * 256)
  exact[(2 * 16 + 4) * 16 + 5] = -1.25
  const lines = reading(all, cell, trace(all, cell), { exact, levels: new Uint8Array(4 * 256) })
  assert.deepEqual(lines, [
    "a · map 2 · row 4, column 5", "−1.25", "Sees 3 × 3 cells of the picture: rows 3 to 5, columns 4 to 6.",
  ])
})

test("what a cell sees is counted in singular and plural", () => {
  const seen = (rows, columns) => {
    const cell = { layer: 1, channel: 2, row: 4, column: 5 }
    const lines = reading(all, cell, [{ rows, columns }, null], { exact: new Float32Array(4 * 256), levels: new Uint8Array(4 * 256) })
    return lines.at(-1)
  }
  assert.equal(seen([5, 5], [3, 3]), "Sees 1 cell of the picture: row 5, column 3.")
  assert.equal(seen([5, 5], [3, 4]), "Sees 1 × 2 cells of the picture: row 5, columns 3 to 4.")
})

test("a value that was not sent is marked as approximate, with the cells it averages", () => {
  const blocks = { ...conv, block: [2, 2], size: [8, 8], limit: 2 }
  const levels = new Uint8Array(4 * 64).fill(254)
  const cell = { layer: 1, channel: 3, row: 15, column: 15 }
  const lines = reading([picture, blocks], cell, trace([picture, blocks], cell), { exact: null, levels })
  assert.equal(lines[1], "≈ 2.00 (mean of 2 × 2 cells)")
})

test("it has as many decimals as its colour justifies", () => {
  assert.equal(rough({ ...conv, limit: 4.226 }, 96), "−1.03") // in steps of 0.033
  assert.equal(rough({ ...conv, limit: 685 }, 128), "5")
  assert.equal(rough({ ...picture, limit: 255 }, 200), "200")
  assert.equal(rough({ ...conv, grey: true, limit: 508 }, 127), "254")
})

test("a weight is described with its filter, even if there is only one", () => {
  const one = layer([1, 3, 3], { kernels: true, title: "Filters of conv1" })
  const cell = { layer: 0, channel: 0, row: 1, column: 2 }
  const [where] = reading([one], cell, [null], { levels: [], exact: new Float32Array(9) })
  assert.equal(where, "Filters of conv1 · filter 0 · row 1, column 2")
})

test("maps in a custom order are found, read and left by their own numbers", () => {
  const sorted = layer([512, 2, 2], { drawn: 3, order: [400, 7, 99] })
  const placed = layout([picture, sorted], [20, 20], 900)
  const place = placed.places[1]
  const [x, y, w, h] = rectangle(place, sorted.shape, 1, [1, 1], [0, 0])
  const cell = { layer: 1, channel: 7, row: 1, column: 0 }
  assert.deepEqual(at(placed, [picture, sorted], x + w / 2, y + h / 2), cell)
  const exact = Float32Array.from({ length: 12 }, (_, i) => i)
  const [where, value] = reading([picture, sorted], cell, [null, null], { levels: new Uint8Array(12), exact })
  assert.deepEqual([where, value], ["a · map 7 · row 1, column 0", "6"])
  assert.equal(nextCell([picture, sorted], cell, [0, 1], true)?.channel, 99)
  assert.equal(nextCell([picture, sorted], cell, [0, -1], true)?.channel, 400)
  assert.equal(nextCell([sorted, sorted], { ...cell, layer: 0 }, [1, 0], true)?.channel, 7)
})

test("rows of maps are alike", () => {
  assert.deepEqual([[16, 16], [16, 15], [32, 11], [64, 12], [12, 12]].map(([count, most]) => inRows(count, most)), [16, 8, 8, 8, 12])
  assert.equal(inRows(13, 12), 7) // a prime: 7 and 6
  assert.equal(inRows(1, 1), 1)
})
