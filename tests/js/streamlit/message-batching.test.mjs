import assert from "node:assert/strict"
import { mock, test } from "node:test"

import { connection } from "./connection.mjs"

await import("../../../static/components/streamlit/message-batching.js")

const METADATA = [0x12, 3, 0x50, 0x01, 0x00] // field 2, three bytes
const HASH = [0x0a, 0x80, 0x01, ...Array(128).fill(7)] // field 1, of a length of two bytes
const START = [...METADATA, 0x22, 0]
const DELTA = [...HASH, ...METADATA, 0x2a, 0]
const FINISHED = [...METADATA, 0x30, 1]
const RUNNING = [0x4a, 2, 0x10, 1]
const AT_REST = [0x4a, 0]
const HEARTBEAT = [0xa2, 0x01, 0]

/** A connection without a clock of its own. */
function timed(t, url) {
  mock.timers.enable({ apis: ["setTimeout"] })
  t.after(() => mock.timers.reset())
  return connection(url)
}

test("the messages of a run are passed on when it has finished", t => {
  const { heard, say } = timed(t)
  say(START, RUNNING, DELTA, DELTA, FINISHED)
  assert.deepEqual(heard, [])
  say(AT_REST)
  assert.deepEqual(heard, [START, RUNNING, DELTA, DELTA, FINISHED, AT_REST])
})

test("a run that another follows is passed on without the message that all is at rest", t => {
  const { heard, say } = timed(t)
  say(START, DELTA, FINISHED)
  mock.timers.tick(1)
  assert.deepEqual(heard, [START, DELTA, FINISHED])
  say(START, DELTA)
  assert.equal(heard.length, 3)
})

test("the start of a run passes on the previous one", t => {
  const { heard, say } = timed(t)
  say(START, DELTA, FINISHED, START, RUNNING, DELTA)
  assert.deepEqual(heard, [START, DELTA, FINISHED])
  say(FINISHED, AT_REST)
  assert.deepEqual(heard.slice(3), [START, RUNNING, DELTA, FINISHED, AT_REST])
})

test("a long run is passed on as it goes", t => {
  const { heard, say } = timed(t)
  say(START, RUNNING, DELTA)
  mock.timers.tick(100)
  assert.deepEqual(heard, [START, RUNNING, DELTA])
  say(DELTA)
  assert.equal(heard.length, 4)
  say(FINISHED, AT_REST)
  assert.equal(heard.length, 6)
})

test("messages outside a run are passed on at once", t => {
  const { heard, say } = timed(t)
  say(HEARTBEAT, DELTA, AT_REST)
  assert.equal(heard.length, 3)
})

test("another connection is left alone", t => {
  const { heard, say } = timed(t, "wss://school.example/elsewhere")
  say(START, DELTA)
  assert.equal(heard.length, 2)
})

test("other events pass", () => {
  const socket = new WebSocket("ws://127.0.0.1/_stcore/stream")
  let closed = 0
  socket.addEventListener("close", () => { closed += 1 }, { once: true })
  socket.dispatchEvent(new Event("close"))
  socket.dispatchEvent(new Event("close"))
  assert.equal(closed, 1)
})
