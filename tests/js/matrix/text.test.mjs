import assert from "node:assert/strict"
import { test } from "node:test"
import { asNumpy, asTabs, cellText, exactText, readNumber } from "../../../static/components/matrix/text.js"

test("a number is typed with sign, decimals or as a fraction", () => {
  const typed = ["5", "-0.5", "−3", "+2", ".5", "1/9", "1 / 4", "0,25", "1e-3", "−0"]
  const numbers = [5, -0.5, -3, 2, 0.5, 1 / 9, 0.25, 0.25, 0.001, 0]
  assert.deepEqual(typed.map(text => readNumber(text, "This")), numbers)
})

test("typed text that is not a number is named with its cell", () => {
  assert.throws(() => readNumber("1..2", "Row 1, column 2"), {
    message: "Row 1, column 2 is “1..2”, which is not a number.",
  })
  assert.throws(() => readNumber("1e999", "Row 0, column 0"), /too large/)
})

test("a cell shows a true minus, short decimals, and fractions that decimals would hide", () => {
  assert.deepEqual([-1, 0.25, 1 / 9, -2 / 3, Math.PI, 255].map(cellText), ["−1", "0.25", "1/9", "−2/3", "3.14", "255"])
})

test("the text for editing is the full number", () => {
  for (const value of [-1, 0.25, 1 / 9, 2 / 999, Math.PI, 1e-7, -123456.789, 1e100]) {
    assert.equal(readNumber(exactText(value), "This"), value)
  }
})

test("rows are copied for a spreadsheet with all their digits", () => {
  assert.equal(asTabs([[1, -0.5], [0, 2]]), "1\t-0.5\n0\t2")
  assert.equal(asTabs([[1e-7, Math.PI]]), "1e-7\t3.141592653589793")
})

test("a matrix is copied for NumPy with its divisor", () => {
  assert.equal(asNumpy([[1, 2], [-1, 0]], 4), "np.array([[1, 2],\n          [-1, 0]]) / 4")
})
