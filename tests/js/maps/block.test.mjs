import assert from "node:assert/strict"
import test from "node:test"

import { arrangement } from "../../../static/components/maps/block.js"

const share = ([width, height], asked) => {
  const { map } = arrangement({ aspect: 1, width: width - 28, height: height - 42, ...asked })
  return (asked.count * map * map) / (width * height)
}

test("four square maps take two fifths of a projector and half of larger screens", () => {
  assert.ok(share([1280, 720], { count: 4 }) > 0.4)
  assert.ok(share([1366, 768], { count: 4 }) > 0.4)
  assert.ok(share([1440, 900], { count: 4 }) > 0.5)
  assert.ok(share([1920, 1080], { count: 4 }) > 0.5)
})

test("four maps are arranged two by two", () => {
  assert.equal(arrangement({ count: 4, aspect: 1, width: 1252, height: 678 }).columns, 2)
})

test("on a phone the maps take the width, and many of them scroll", () => {
  assert.deepEqual(arrangement({ count: 4, aspect: 1, width: 362, height: 802 }), { columns: 2, aside: false, map: 178 })
  assert.equal(arrangement({ count: 13, aspect: 1, width: 362, height: 802 }).map, 116)
})

test("on a phone held sideways, and in a window zoomed to twice the size, the maps are side by side", () => {
  for (const [width, height] of [[816, 280], [619, 204]]) {
    const { columns, map } = arrangement({ count: 4, aspect: 1, width, height })
    assert.equal(columns, 4)
    assert.ok(map >= 120)
  }
  assert.equal(arrangement({ count: 4, columns: 4, aspect: 1, width: 816, height: 280 }).columns, 4)
  assert.equal(arrangement({ count: 3, aspect: 1, width: 362, height: 802 }).columns, 2)
})

test("on a phone a close-up is as large as the three numbers of a cell need", () => {
  const phone = { count: 5, aspect: 1, width: 362, height: 802 }
  const { columns, map } = arrangement({ ...phone, closeup: 8 })
  assert.equal(columns, 1)
  assert.ok(map / 8 >= 36)
  assert.deepEqual(arrangement({ ...phone, closeup: 32 }), arrangement(phone)) // has no numbers
})

test("maps that are presented stand in one line if that makes them larger, else in the columns that are given", () => {
  const presented = { aspect: 1, width: 1256, alone: true, large: 1.6 }
  for (const [count, columns, height] of [[4, 2, 284], [8, 4, 300], [6, 3, 340]]) {
    assert.equal(arrangement({ ...presented, count, columns, height }).columns, count)
  }
  assert.equal(arrangement({ ...presented, count: 10, columns: 5, height: 440 }).columns, 5)
  assert.equal(arrangement({ count: 4, columns: 2, aspect: 1, width: 1256, height: 284 }).columns, 2)
})

test("without the bench the maps are at least as large", () => {
  const asked = { count: 2, aspect: 1, width: 1252, height: 678 }
  assert.ok(arrangement({ ...asked, alone: true }).map > arrangement(asked).map)
})

test("the first few have a line of their own, unless all fit in one", () => {
  const five = { count: 5, aspect: 1, width: 1252, height: 678 }
  const { columns, map } = arrangement({ ...five, first: 2 })
  assert.deepEqual({ columns, map }, { columns: 3, map: arrangement(five).map }) // 2 + 3 lose nothing to 3 + 2
  assert.ok(arrangement({ ...five, columns: 2, first: 2 }).map === arrangement({ ...five, columns: 2 }).map)
  assert.ok(arrangement({ ...five, columns: 4, first: 2 }).map <= arrangement({ ...five, columns: 4 }).map)
})

test("on a phone places of two maps have a line each, with the two side by side", () => {
  const phone = { count: 3, deep: 2, aspect: 1, width: 362, height: 802 }
  assert.deepEqual(arrangement(phone), { columns: 1, aside: false, map: 178 })
})

test("a low window leaves the arithmetic a bench on which it takes few lines, and the maps two fifths", () => {
  for (const [width, height] of [[1280, 720], [1366, 768]]) {
    for (const asked of [{ count: 5, first: 2 }, { count: 15, charts: true }, { count: 3, deep: 2 }]) {
      const { columns, map } = arrangement({ aspect: 1, width: width - 21, height: height - 42, ...asked })
      assert.ok(width - 21 - columns * (map + 6) >= 400)
      assert.ok((asked.deep ?? 1) * asked.count * map * map > 0.4 * width * height)
    }
  }
})

test("maps leave room for arithmetic below them", () => {
  const two = { count: 2, aspect: 1, width: 1259, height: 678 }
  assert.ok(arrangement({ ...two, below: true }).map <= 678 - 208)
})

test("below small maps the colours have a line of their own", () => {
  const asked = { count: 8, aspect: 1, width: 1259, charts: true, columns: 8 }
  const { map } = arrangement({ ...asked, height: 180 })
  assert.ok(map + 19 + 26 + 15 <= 180)
  assert.equal(arrangement({ ...asked, count: 3, columns: 3, height: 280 }).map, 280 - 19 - 26)
})

test("while presenting, five maps fit in one line above the first line of their arithmetic", () => {
  const presented = { count: 5, first: 2, aspect: 1, width: 1256, height: 440, alone: true, large: 1.6 }
  const { columns, map } = arrangement(presented)
  assert.equal(columns, 5)
  assert.equal(map, 246) // (1256 − 4 × 6) ÷ 5
})
