import assert from "node:assert/strict"
import { test } from "node:test"
import { deflateSync } from "node:zlib"
import { decode, doubled, withFrame } from "../../../static/components/live/wire.js"

const SAME = 0, RAW = 1, DEFLATED = 2, HALF = 3, MAPPED = 4

/** An answer: the header's length, the header, and the data of each part. */
function answer(parts, ...sent) {
  const header = Buffer.from(JSON.stringify({ n: 1, k: 1, to: "lab", parts }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  return new Uint8Array(Buffer.concat([length, header, ...sent.map(part => Buffer.from(part))])).buffer
}

test("a cell of a halved plane stands for two by two, also where a side is odd", () => {
  const half = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  const whole = [ // two planes of 3 × 5, of which 2 × 3 were sent
    1, 1, 2, 2, 3,
    1, 1, 2, 2, 3,
    4, 4, 5, 5, 6,
    7, 7, 8, 8, 9,
    7, 7, 8, 8, 9,
    10, 10, 11, 11, 12,
  ]
  assert.deepEqual([...doubled(half, 2, 3, 5)], whole)
})

test("parts are sent as they are, deflated or halved, or refer to earlier ones", async () => {
  const held = new Map()
  const packed = deflateSync(Uint8Array.from([4, 5, 6]))
  const half = deflateSync(Uint8Array.from([8, 9]))
  const first = answer(
    [[RAW, 2], [DEFLATED, 3, packed.length], [HALF, 8, half.length, 1, 2, 4]], [1, 2], packed, half
  )
  const { header, message } = await decode(first, held)
  assert.equal(header.to, "lab")
  assert.deepEqual([...message], [1, 2, 4, 5, 6, 8, 8, 9, 9, 8, 8, 9, 9])
  const second = answer([[SAME, 1], [RAW, 1], [SAME, 0]], [7])
  assert.deepEqual([...(await decode(second, held)).message], [4, 5, 6, 7, 1, 2])
})

test("a part can be derived from the previous one by a table, however that was sent", async () => {
  const held = new Map()
  const table = Uint8Array.from({ length: 256 }, (_, level) => Math.max(level, 5))
  const first = answer([[RAW, 3], [MAPPED, 3], [RAW, 1]], [4, 5, 6], table, [9])
  assert.deepEqual([...(await decode(first, held)).message], [4, 5, 6, 5, 5, 6, 9])
  const second = answer([[SAME, 0], [MAPPED, 3], [SAME, 1]], table.map(level => 255 - level))
  assert.deepEqual([...(await decode(second, held)).message], [4, 5, 6, 250, 250, 249, 5, 5, 6])
})

test("a frame travels with its request, without its alpha", () => {
  const data = Uint8ClampedArray.from([1, 2, 3, 255, 4, 5, 6, 255])
  const bytes = new Uint8Array(withFrame(258, { a: "b" }, { width: 2, height: 1, data }))
  const set = [...Buffer.from('{"a":"b"}')]
  assert.deepEqual([...bytes], [2, 1, 0, 0, 1, 0, 2, 0, 9, 0, ...set, 1, 2, 3, 4, 5, 6])
})
