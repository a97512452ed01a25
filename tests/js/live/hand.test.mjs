import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

const frames = [] // callbacks that wait for the next frame
Object.assign(globalThis, {
  document: Object.assign(new EventTarget(), { documentElement: { dataset: {} }, hidden: false }),
  addEventListener: () => {},
  requestAnimationFrame: act => frames.push(act),
  window: globalThis,
})
const { hand } = await import("../../../static/components/live/hand.js")

const nextFrame = () => frames.splice(0).forEach(act => act())
let asked = [], shown = []

beforeEach(() => {
  hand.exit()
  asked = []
  shown = []
  hand.channel.isOpen = true
  hand.channel.enter = () => {}
  hand.channel.say = message => asked.push(message)
  hand.receive("lab", {}, message => shown.push(message))
  hand.enter("token", { "lab.bias": "0" })
})

test("a change is reported as painted one frame after its answer", () => {
  const painted = []
  hand.move("lab.bias", 1, () => painted.push(1))
  const [{ n, set }] = asked
  assert.deepEqual(set, { "lab.bias": "1" })
  hand.hear({ n, to: "lab" }, "maps of 1")
  hand.end({ n, ms: 5 })
  assert.deepEqual([shown, painted], [["maps of 1"], []])
  nextFrame()
  assert.deepEqual(painted, [1])
  hand.answered("lab.bias")
})

test("meanwhile the latest value waits, and is sent after the answer", () => {
  for (const value of [1, 2, 3]) hand.move("lab.bias", value)
  assert.equal(asked.length, 1)
  hand.end({ n: asked[0].n, ms: 5 })
  assert.deepEqual(asked.map(({ set }) => set["lab.bias"]), ["1", "3"])
  hand.answered("lab.bias")
  hand.end({ n: asked[1].n, ms: 5 })
})

test("a request held back while the tab was hidden is sent when it is visible again", () => {
  document.hidden = true
  hand.move("lab.bias", 4)
  assert.equal(asked.length, 0)
  document.hidden = false
  document.dispatchEvent(new Event("visibilitychange"))
  assert.deepEqual(asked.map(({ set }) => set?.["lab.bias"]).filter(Boolean), ["4"])
  hand.answered("lab.bias")
  hand.end({ n: asked.at(-1).n, ms: 5 })
})

test("an answer is not painted if the page has run with every change", () => {
  hand.move("lab.bias", 4)
  const [{ n }] = asked
  hand.answered("lab.bias") // the page has run, and was faster
  hand.hear({ n, to: "lab" }, "maps of 4")
  hand.end({ n, ms: 5 })
  nextFrame()
  assert.deepEqual(shown, [])
})

test("the next request is sent before the last part is shown, which is marked as overtaken", () => {
  const seen = [], painted = []
  hand.receive("lab", {}, (message, overtaken) => seen.push([message, overtaken, asked.length]))
  for (const value of [1, 2]) hand.move("lab.bias", value, () => painted.push(value))
  for (const i of [0, 1]) {
    const { n } = asked[i]
    hand.hear({ n, to: "lab" }, `first of ${n}`)
    hand.hear({ n, to: "lab", last: true }, `last of ${n}`)
    nextFrame()
    assert.deepEqual(painted, [1, 2].slice(0, i + 1))
    hand.end({ n, ms: 5 })
  }
  const [one, two] = asked.map(({ n }) => n)
  assert.deepEqual(seen, [
    [`first of ${one}`, true, 1], [`last of ${one}`, true, 2], [`first of ${two}`, false, 2], [`last of ${two}`, false, 2]])
  hand.answered("lab.bias")
})

test("a listener is told when the channel opens, and when the page has more settings", () => {
  const told = []
  const deaf = hand.onReady(() => told.push(hand.covers("lab.bias")))
  hand.channel.isOpen = false
  hand.enter("token", {})
  hand.enter("token", { "lab.bias": "0" })
  hand.channel.isOpen = true
  hand.channel.listener.opened()
  assert.deepEqual(told, [false, false, true])
  deaf()
  hand.enter("token", { "lab.bias": "0" })
  assert.equal(told.length, 3)
})
