import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"

let sockets = []

class Socket {
  static OPEN = 1

  constructor() {
    this.readyState = 0
    this.said = []
    sockets.push(this)
  }

  send(text) { this.said.push(JSON.parse(text)) }

  close() { this.isClosed = true }

  open() {
    this.readyState = Socket.OPEN
    this.onopen()
  }
}

Object.assign(globalThis, {
  document: Object.assign(new EventTarget(), { hidden: false }),
  addEventListener: () => {},
  WebSocket: Socket,
  window: globalThis,
})
const { Channel } = await import("../../../static/components/live/channel.js")

const UNKNOWN = 4404
let channel, heard, isLeft

beforeEach(() => {
  sockets = []
  heard = []
  isLeft = false
  channel = new Channel({
    heard: () => {},
    ended: said => {
      if (said.error) throw new Error(said.error)
      heard.push(said.n)
    },
    opened: () => heard.push("opened"),
    lost: () => heard.push("lost"),
    forgotten: () => { heard.push("forgotten"); return !isLeft },
  })
})

const letIn = async socket => {
  socket.open()
  socket.onmessage({ data: '{"k": 1}' })
  await new Promise(setImmediate)
}

test("another session's page gets a connection of its own", async () => {
  channel.enter("one")
  await letIn(sockets[0])
  channel.enter("two")
  await letIn(sockets[1])
  assert.deepEqual(sockets.map(({ said }) => said[0].token), ["one", "two"])
  assert.ok(sockets[0].isClosed)
  assert.ok(channel.isOpen)
  assert.deepEqual(heard, ["opened", "lost", "opened"])
})

test("the end of the previous session does not affect the next", async () => {
  channel.enter("one")
  await letIn(sockets[0])
  channel.enter("two")
  sockets[0].onclose({ code: UNKNOWN })
  await letIn(sockets[1])
  assert.equal(channel.token, "two")
  assert.ok(channel.isOpen)
})

test("a session that the server has forgotten is reported repeatedly, until a run brings another", async () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  channel.enter("one")
  sockets[0].onclose({ code: UNKNOWN })
  mock.timers.tick(500)
  document.dispatchEvent(new Event("visibilitychange")) // the one that nobody knows is not tried again
  mock.timers.tick(1000)
  assert.deepEqual(heard, ["lost", "forgotten", "forgotten"])
  channel.enter("two")
  await letIn(sockets[1])
  mock.timers.tick(60_000)
  assert.deepEqual(heard, ["lost", "forgotten", "forgotten", "opened"])
  assert.deepEqual(sockets.map(({ said }) => said[0]?.token), [undefined, "two"])
  assert.ok(channel.isOpen)
  mock.timers.reset()
})

test("a page that has been left asks for nothing", () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  channel.enter("one")
  isLeft = true
  sockets[0].onclose({ code: UNKNOWN })
  mock.timers.tick(60_000)
  assert.deepEqual(heard, ["lost", "forgotten"])
  assert.equal(sockets.length, 1)
  mock.timers.reset()
})

test("an answer that cannot be shown is reported, and the connection starts over", async () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  const reported = []
  globalThis.reportError = error => reported.push(error.message)
  channel.enter("one")
  await letIn(sockets[0])
  sockets[0].onmessage({ data: '{"n": 1, "error": "torn"}' })
  sockets[0].onmessage({ data: '{"n": 2}' })
  await new Promise(setImmediate)
  assert.deepEqual(reported, ["torn"])
  assert.ok(sockets[0].isClosed)
  sockets[0].onclose({ code: 4000 })
  mock.timers.tick(500)
  await letIn(sockets[1])
  sockets[1].onmessage({ data: '{"n": 3}' })
  await new Promise(setImmediate)
  assert.ok(channel.isOpen)
  assert.deepEqual(heard, ["opened", "lost", "opened", 3])
  mock.timers.reset()
})
