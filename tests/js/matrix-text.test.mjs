import assert from "node:assert/strict"
import { test } from "node:test"
import {
  Unreadable, asNumpy, asTabs, cellText, exactText, parseMatrix, readNumber,
} from "../../static/components/matrix/text.js"

const read = (text, highest = 15) => parseMatrix(text, highest)
const refuses = (text, sentence, highest) =>
  assert.throws(() => read(text, highest), error => error instanceof Unreadable && error.message.startsWith(sentence))

for (const text of [
  "1\t0\t-1\n2\t0\t-2",
  "1\t0\t-1\r\n2\t0\t-2\r\n",
  "1 0 −1; 2 0 −2",
  "[[1, 0, -1], [2, 0, -2]]",
  "kernel = np.array([[1, 0, -1],\n [2, 0, -2]], dtype=np.float32)",
  "tensor([[1., 0., -1.], [2., 0., -2.]])",
  "1;0;-1\n2;0;-2",
]) {
  test(`all these are the same matrix: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(read(text), { rows: [[1, 0, -1], [2, 0, -2]], divisor: 1 })
  })
}

for (const text of ["1 2 1; 2 4 2 / 16", "1/16 * [[1, 2, 1], [2, 4, 2]]", "np.array([[1, 2, 1], [2, 4, 2]]) / 16"]) {
  test(`the divisor stands apart: ${text}`, () => {
    assert.deepEqual(read(text), { rows: [[1, 2, 1], [2, 4, 2]], divisor: 16 })
  })
}

test("fractions become whole numbers over one divisor", () => {
  assert.deepEqual(read("1/2 1/3"), { rows: [[3, 2]], divisor: 6 })
})

test("a decimal comma is read where tabs stand between the cells", () => {
  assert.deepEqual(read("0,5\t-1,5").rows, [[0.5, -1.5]])
})

for (const [text, sentence] of [
  ["1 2 3\n4 5 x", "Row 1, column 2 is “x”, which is not a number."],
  ["1\t\t2", "Row 0, column 1 is empty."],
  ["1 2\n3", "Row 1 has 1 number and row 0 has 2; all rows need the same."],
  ["[[1, 2], [3, 4]", "The brackets do not match: 3 open and 2 close."],
  ["1 1/0", "Row 0, column 1 is “1/0”, and nothing can be divided by 0."],
  ["Dear all, see below", "Row 0 has both commas and spaces"],
  ["", "There is no number in the text"],
  ["1 2 / 0", "The divisor is 0"],
  ["9".repeat(20_001), "The text has 20001 characters"],
]) {
  test(`what cannot be read is named: ${sentence}`, () => refuses(text, sentence))
}

test("a matrix is as large as its grid may be, and no larger", () => {
  const square = side => Array(side).fill(Array(side).fill(1).join("\t")).join("\n")
  assert.equal(read(square(32), 32).rows.length, 32)
  refuses(square(16), "The matrix has 16 rows and 16 columns; at most 15 of each can be used.")
})

test("a number is typed with sign, decimals or as a fraction", () => {
  const typed = ["5", "-0.5", "−3", "+2", ".5", "1/9", "1 / 4", "0,25", "1e-3", "−0"]
  const numbers = [5, -0.5, -3, 2, 0.5, 1 / 9, 0.25, 0.25, 0.001, 0]
  assert.deepEqual(typed.map(text => readNumber(text, "This")), numbers)
})

test("what is typed and is no number is named with its cell", () => {
  assert.throws(() => readNumber("1..2", "Row 1, column 2"), {
    message: "Row 1, column 2 is “1..2”, which is not a number.",
  })
  assert.throws(() => readNumber("1e999", "Row 0, column 0"), /too large/)
})

test("a cell shows a true minus, short decimals, and fractions that decimals would hide", () => {
  assert.deepEqual([-1, 0.25, 1 / 9, -2 / 3, Math.PI, 255].map(cellText), ["−1", "0.25", "1/9", "−2/3", "3.14", "255"])
})

test("the text that is edited is the whole number", () => {
  for (const value of [-1, 0.25, 1 / 9, 2 / 999, Math.PI, 1e-7, -123456.789, 1e100]) {
    assert.equal(readNumber(exactText(value), "This"), value)
  }
})

test("what is copied for a spreadsheet is pasted back as it was", () => {
  const rows = [[1, -0.5, 1 / 3], [1e-7, 0, Math.PI]]
  assert.equal(asTabs([[1, -0.5], [0, 2]]), "1\t-0.5\n0\t2")
  assert.deepEqual(read(asTabs(rows)).rows, rows)
})

test("what is copied for NumPy is pasted back with its divisor", () => {
  const text = asNumpy([[1, 2], [-1, 0]], 4)
  assert.equal(text, "np.array([[1, 2],\n          [-1, 0]]) / 4")
  assert.deepEqual(read(text), { rows: [[1, 2], [-1, 0]], divisor: 4 })
})
