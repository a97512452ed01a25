import assert from "node:assert/strict"
import { mock, test } from "node:test"

globalThis.window = globalThis
globalThis.document = new EventTarget()
const { OneInFlight } = await import("../../../static/components/core/one-in-flight.js")

/** What has departed, and what has landed. */
function flights(t) {
  mock.timers.enable({ apis: ["setTimeout"] })
  t.after(() => mock.timers.reset())
  const landed = [], sent = []
  const flight = new OneInFlight(state => landed.push(state.value))
  t.after(() => flight.remove())
  return { flight, landed, sent, depart: value => flight.depart({ value }, state => sent.push(state)) }
}

test("a request lands with its own answer, not with that of one before", t => {
  const { flight, landed, sent, depart } = flights(t)
  depart(1)
  flight.hear(sent[0].turn)
  depart(2)
  assert.ok(sent[1].turn > sent[0].turn)
  assert.equal(flight.lastTurn, sent[1].turn)
  flight.hear(sent[0].turn)
  assert.ok(flight.isAway)
  flight.hear(sent[1].turn)
  assert.ok(!flight.isAway)
  assert.deepEqual(landed, [1, 2])
})

test("a later answer will do, and a second one changes nothing", t => {
  const { flight, landed, sent, depart } = flights(t)
  depart(1)
  flight.hear(sent[0].turn + 1)
  flight.hear(sent[0].turn + 2)
  assert.deepEqual(landed, [1])
})

test("a request without an answer is given up after a while", t => {
  const { flight, landed, depart } = flights(t)
  depart(1)
  mock.timers.tick(4999)
  assert.ok(flight.isAway)
  mock.timers.tick(1)
  assert.deepEqual(landed, [1])
})
