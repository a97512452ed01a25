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

test("four maps stand two by two", () => {
  assert.equal(arrangement({ count: 4, aspect: 1, width: 1252, height: 678 }).columns, 2)
})

test("on a phone the maps take the width, and many of them scroll", () => {
  assert.deepEqual(arrangement({ count: 4, aspect: 1, width: 362, height: 802 }), { columns: 2, aside: false, map: 178 })
  assert.equal(arrangement({ count: 13, aspect: 1, width: 362, height: 802 }).map, 116)
})

test("on a phone a close-up is as large as the three numbers of a cell need", () => {
  const phone = { count: 5, aspect: 1, width: 362, height: 802 }
  const { columns, map } = arrangement({ ...phone, closeup: 8 })
  assert.equal(columns, 1)
  assert.ok(map / 8 >= 36)
  assert.deepEqual(arrangement({ ...phone, closeup: 32 }), arrangement(phone)) // has no numbers
})

test("without the bench the maps are at least as large", () => {
  const asked = { count: 2, aspect: 1, width: 1252, height: 678 }
  assert.ok(arrangement({ ...asked, alone: true }).map > arrangement(asked).map)
})

test("the first few have a line of their own, unless all stand in one", () => {
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
