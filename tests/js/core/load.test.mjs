// A component as Streamlit calls it, and cleans up after it.

import assert from "node:assert/strict"
import { test } from "node:test"
import { element, place, resize } from "../page.mjs"
import { whenLined } from "../../../static/components/core/lined.js"
import { load, sheetOf } from "../../../static/components/core/load.js"

test("the clean-up of an overtaken call removes nothing while the component is on the page", async () => {
  const slider = element("div.slider")
  document.body.append(slider)
  const guard = await load("task/guard", false)
  const root = place()
  const call = locked => guard({ data: { hidden: [], locked }, parentElement: root })
  const [endFirst, end] = [call([".menu"]), call([".slider"])]
  endFirst()
  assert.equal(slider.inert, true)
  root.host.remove()
  end()
  assert.equal(slider.inert, false)
})

test("dark components on the page are light in a print", async () => {
  Element.prototype.getContext = () => Object.defineProperty({}, "fillStyle", { get: () => "#14171c", set() {} })
  const table = { light: btoa("\xff".repeat(768)), dark: btoa("\0".repeat(768)) }
  const cells = await load("weight-cells/weight-cells", false)
  const root = place(element("div.weight-cells"))
  const end = cells({ data: { label: "", rows: [[1]], chosen: [0, 0], table }, parentElement: root, setTriggerValue() {} })
  const { style } = root.querySelector("button")
  const shown = [style.background]
  for (const event of ["beforeprint", "afterprint"]) {
    dispatchEvent(new Event(event))
    shown.push(style.background)
  }
  root.host.remove()
  end()
  dispatchEvent(new Event("beforeprint"))
  shown.push(style.background)
  assert.deepEqual(shown, ["rgb(0 0 0)", "rgb(255 255 255)", "rgb(0 0 0)", "rgb(0 0 0)"])
})

test("a style sheet that could not be loaded is loaded when the connection and the server are back", async context => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const answers = [() => { throw new TypeError("Failed to fetch") }, () => ({ status: 503 })]
  const come = { status: 200, text: async () => ".cells {}" }
  const asked = context.mock.method(globalThis, "fetch", async () => (answers.shift() ?? (() => come))())
  const sheet = sheetOf("cells.css")
  while (answers.length) {
    await new Promise(setImmediate)
    context.mock.timers.tick(1000)
  }
  await sheet
  assert.equal(asked.mock.callCount(), 3)
})

/** Streamlit's mark of a lost connection. @param {string} script The state of its script. */
function disconnected(script) {
  const app = element(`div[data-test-connection-state=CONNECTING][data-test-script-state=${script}]`)
  document.body.append(app)
  return app
}

/** Reconnect, and tell all observers. */
function connect(app) {
  app.setAttribute("data-test-connection-state", "CONNECTED")
  resize()
}

test("triggers set while disconnected are sent once the page has run again: the last of each component", async context => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const app = disconnected("running")
  const cells = await load("weight-cells/weight-cells", false)
  const table = { light: btoa("\0".repeat(768)), dark: btoa("\0".repeat(768)) }
  const sent = []
  const [one, other, gone] = ["one", "other", "gone"].map(name => {
    const root = place(element("div.weight-cells"))
    cells({
      data: { label: "", rows: [[1, 2]], chosen: [0, 0], table }, parentElement: root,
      setTriggerValue: (_, at) => sent.push([name, ...at]),
    })
    return { root, press: i => root.querySelectorAll("button")[i].onclick() }
  })
  one.press(1)
  other.press(1)
  gone.press(1)
  one.press(0)
  gone.root.host.remove()
  assert.deepEqual(sent, [])
  connect(app)
  assert.deepEqual(sent, []) // a server that was restarted does not know the components yet
  app.setAttribute("data-test-script-state", "notRunning")
  resize()
  context.mock.timers.tick(499)
  assert.deepEqual(sent, []) // nor the earlier settings: it gets those first, and runs once more
  resize()
  context.mock.timers.tick(500)
  assert.deepEqual(sent, [["other", 0, 1], ["one", 0, 0]])
  one.press(1)
  assert.deepEqual(sent.at(-1), ["one", 0, 1])
  resize()
  assert.equal(sent.length, 3)
  app.remove()
})

test("states set while disconnected wait as well, the last for each name", async context => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const app = disconnected("notRunning")
  const sent = []
  const root = place(element("div"))
  whenLined(root, "moved", () => sent.push(1))
  whenLined(root, "pinned", () => sent.push(2))
  whenLined(root, "moved", () => sent.push(3))
  whenLined(root, "drawn", () => sent.push(4))
  connect(app)
  whenLined(root, "drawn", () => sent.push(5)) // a newer value must not be overtaken
  context.mock.timers.tick(500)
  assert.deepEqual(sent, [5, 2, 3])
  app.remove()
})

test("what waits is sent after a while although the page runs on, as in a training", async context => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const app = disconnected("running")
  const sent = []
  whenLined(place(element("div")), "pressed", () => sent.push(1))
  connect(app)
  context.mock.timers.tick(3000)
  app.setAttribute("data-test-connection-state", "CONNECTING")
  resize()
  context.mock.timers.tick(3000)
  assert.deepEqual(sent, []) // the connection was lost again
  connect(app)
  context.mock.timers.tick(5000)
  assert.deepEqual(sent, [1])
  app.remove()
})
