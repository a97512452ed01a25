import assert from "node:assert/strict"
import { test } from "node:test"

import { STREAM, connection } from "./connection.mjs"

await import("../../../static/components/streamlit/kept-messages.js")

const NAME = [..."0123456789abcdef"].map(letter => letter.charCodeAt())
const HASH = [0x0a, NAME.length, ...NAME] // field 1
const DELTA = [0x2a, 0x83, 0x01, ...Array(131).fill(7)] // field 5, of a length of two bytes
const PLACE = [0x12, 2, 0, 3], ELSEWHERE = [0x12, 2, 0, 4] // field 2 of the metadata
const metadata = (...parts) => [0x12, parts.flat().length, ...parts.flat()] // field 2
const CACHEABLE = [0x08, 1]
const named = name => [...metadata(ELSEWHERE), 0x5a, name.length, ...name] // field 11
const REFERENCE = named(NAME)
const FINISHED = [...metadata(), 0x30, 1]

test("a hash is replaced by its message, which keeps the place of the hash", () => {
  const { heard, say } = connection()
  say([...HASH, ...metadata(CACHEABLE, PLACE), ...DELTA], FINISHED, REFERENCE)
  assert.deepEqual(heard, [
    [...HASH, ...metadata(CACHEABLE, PLACE), ...DELTA],
    FINISHED,
    [...HASH, ...DELTA, ...metadata(ELSEWHERE, CACHEABLE)],
  ])
})

test("a message of one connection replaces its hash on the next, as after a restart of the server", () => {
  const name = [1, 2, 3]
  const message = [0x0a, name.length, ...name, ...metadata(CACHEABLE), ...DELTA]
  connection().say(message)
  const { heard, say } = connection()
  say(named(name))
  assert.deepEqual(heard, [[0x0a, name.length, ...name, ...DELTA, ...metadata(ELSEWHERE, CACHEABLE)]])
})

test("other messages are not kept, and an unknown hash is left to Streamlit", () => {
  const { heard, say } = connection()
  const name = [4, 5, 6]
  const once = [0x0a, name.length, ...name, ...metadata(PLACE), ...DELTA]
  say(once, named(name))
  assert.deepEqual(heard, [once, named(name)])
})

test("the most recently used messages are kept while there is room", () => {
  const { heard, say } = connection(STREAM, ({ length }) => length)
  const large = 2 ** 24
  const many = number => [0x0a, 1, number, ...metadata(CACHEABLE), 0x2a, 0x80, 0x80, 0x80, 0x08]
  const filled = start => {
    const bytes = new Uint8Array(start.length + large)
    bytes.set(start)
    return bytes
  }
  say(filled(many(1)))
  say(filled(many(2))) // together a few bytes more than fit
  say(named([1]), named([2]))
  assert.deepEqual(heard.slice(2).map(length => length > large), [false, true])
})

test("another connection is left alone", () => {
  const { heard, say } = connection("wss://school.example/live")
  const name = [7, 8, 9]
  say([0x0a, name.length, ...name, ...metadata(CACHEABLE), ...DELTA], named(name))
  assert.deepEqual(heard[1], named(name))
})
