import assert from "node:assert/strict"
import { mock, test } from "node:test"

class Socket {
  /** @type {Socket[]} */
  static made = []
  static OPEN = 1
  constructor() { Socket.made.push(this) }
  close() {}
}

Object.assign(globalThis, {
  WebSocket: Socket,
  document: Object.assign(new EventTarget(), { hidden: false }),
  window: globalThis,
  addEventListener() {},
  removeEventListener() {},
})
const { Room } = await import("../../../static/components/classroom/room.js")

/** Enter a room, and let the server close the connection with a code after each attempt, for a minute. */
function closedWith(code) {
  mock.timers.enable({ apis: ["setTimeout"] })
  Socket.made = []
  const heard = []
  const room = new Room(() => ({}), {
    heard() {},
    lined: isOpen => heard.push(isOpen),
    over: (sentence, isFull) => heard.push([sentence, isFull]),
  })
  for (let second = 0; second < 60; second++) {
    Socket.made.at(-1).onclose({ code })
    mock.timers.tick(1000)
  }
  room.leave()
  mock.timers.reset()
  return { heard, attempts: Socket.made.length }
}

test("a tab that a full class turns away says so once, and does not try again", () => {
  const { heard, attempts } = closedWith(4429)
  assert.deepEqual(heard, [["This class is full. You can join once someone has left.", true]])
  assert.equal(attempts, 1)
})

test("a class that is over is not full", () => {
  assert.deepEqual(closedWith(4410), { heard: [["The class is over.", false]], attempts: 1 })
})

test("a tab that was in the class does not doubt its code when the class is gone", () => {
  const { heard: [[sentence]], attempts } = closedWith(4411)
  assert.match(sentence, /^The class is over/)
  assert.doesNotMatch(sentence, /no class|letters/)
  assert.equal(attempts, 1)
})

test("a latecomer learns that the class may be over", () => {
  const { heard: [[sentence]] } = closedWith(4404)
  assert.match(sentence, /^There is no class with this code, or it is over/)
})

test("a lost connection is retried again and again", () => {
  const { heard, attempts } = closedWith(1006)
  assert.ok(attempts > 20)
  assert.ok(heard.every(each => each === false))
})
