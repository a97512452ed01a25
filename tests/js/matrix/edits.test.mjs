import assert from "node:assert/strict"
import { test } from "node:test"
import { History, cut, level, mapped, rangeOf, resized, same } from "../../../static/components/matrix/edits.js"

test("a matrix that grows gets zeros at the right and at the bottom, and loses them first", () => {
  assert.deepEqual(resized([[1, 2], [3, 4]], 3, 3), [[1, 2, 0], [3, 4, 0], [0, 0, 0]])
  assert.deepEqual(resized([[1, 2], [3, 4]], 1, 1), [[1]])
})

test("a kernel grows and shrinks around its middle, with odd cells added at the end", () => {
  assert.deepEqual(resized([[1, 2, 3]], 3, 5, true), [[0, 0, 0, 0, 0], [0, 1, 2, 3, 0], [0, 0, 0, 0, 0]])
  assert.deepEqual(resized([[1, 2, 3]], 2, 4, true), [[1, 2, 3, 0], [0, 0, 0, 0]])
  assert.deepEqual(resized([[1, 2, 3, 4, 5]], 1, 3, true), [[2, 3, 4]])
  assert.deepEqual(resized([[1, 2, 3, 4]], 1, 3, true), [[1, 2, 3]])
})

test("a kernel that grows cell by cell ends as one that grows at once, and comes back", () => {
  const rows = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
  let grown = rows
  for (let side = 4; side <= 15; side++) grown = resized(grown, side, side, true)
  assert.deepEqual(grown, resized(rows, 15, 15, true))
  assert.deepEqual(cut(grown, { top: 6, left: 6, bottom: 8, right: 8 }), rows)
  for (let side = 14; side >= 3; side--) grown = resized(grown, side, side, true)
  assert.deepEqual(grown, rows)
})

test("a range is the same from any corner", () => {
  assert.deepEqual(rangeOf([2, 0], [1, 3]), { top: 1, left: 0, bottom: 2, right: 3 })
  assert.deepEqual(rangeOf([1, 3], [2, 0]), rangeOf([2, 0], [1, 3]))
})

test("a change reaches the cells of the range and leaves the old rows alone", () => {
  const rows = [[1, 0], [3, 4]]
  const range = { top: 0, left: 0, bottom: 0, right: 1 }
  assert.deepEqual(mapped(rows, range, value => -value), [[-1, 0], [3, 4]])
  assert.deepEqual(rows, [[1, 0], [3, 4]])
  assert.deepEqual(cut(rows, range), [[1, 0]])
})

test("two states are the same only in numbers, size and divisor", () => {
  const state = { rows: [[1, 2]], divisor: 1 }
  assert.ok(same(state, { rows: [[1, 2]], divisor: 1 }))
  for (const other of [{ rows: [[1, 3]], divisor: 1 }, { rows: [[1], [2]], divisor: 1 }, { rows: [[1, 2]], divisor: 2 }]) {
    assert.ok(!same(state, other))
  }
})

test("0 is the very middle of a scale from −m to m, and what lies outside has the colour of its end", () => {
  assert.deepEqual([-9, -2, 0, 2, 9].map(value => level(value, -2, 2)), [0, 0, 127, 254, 254])
})

test("a hundred steps can be undone and redone", () => {
  const history = new History(0)
  for (let step = 1; step <= 100; step++) history.add(step)
  while (history.undo());
  assert.equal(history.state, 0)
  while (history.redo());
  assert.equal(history.state, 100)
})

test("after a new step nothing can be redone", () => {
  const history = new History("a")
  history.add("b")
  history.undo()
  history.add("c")
  assert.ok(!history.redo())
  assert.ok(history.undo())
  assert.equal(history.state, "a")
})

test("the oldest steps are forgotten", () => {
  const history = new History(0, 3)
  for (let step = 1; step <= 9; step++) history.add(step)
  while (history.undo());
  assert.equal(history.state, 6)
})
