import assert from "node:assert/strict"
import { test } from "node:test"

import { connection } from "./connection.mjs"

await import("../../../static/components/streamlit/message-batching.js")
await import("../../../static/components/streamlit/lost-line.js")

const START = [0x22, 0], RUNNING = [0x4a, 2, 0x10, 1], AT_REST = [0x4a, 0]

test("when the connection closes, Streamlit hears that a run has begun, so it asks for one when it reconnects", () => {
  const { heard, say, lose } = connection()
  say(AT_REST)
  lose()
  assert.deepEqual(heard, [AT_REST, RUNNING])
})

test("it is told at once, even if messages are held back", t => {
  t.mock.timers.enable({ apis: ["setTimeout"] })
  const { heard, say, lose } = connection()
  say(START)
  lose()
  assert.deepEqual(heard, [RUNNING])
})

test("another connection is left alone", () => {
  const { heard, lose } = connection("wss://school.example/live")
  lose()
  assert.deepEqual(heard, [])
})
