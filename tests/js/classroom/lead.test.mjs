// The teacher's button, menu and panel, with a line that may be lost.

import assert from "node:assert/strict"
import { mock, test } from "node:test"
import { element, place } from "../page.mjs"
import { Line } from "./line.mjs"
import mount from "../../../static/components/classroom/lead.js"

mock.timers.enable({ apis: ["setTimeout"] })

Object.assign(globalThis, { WebSocket: Line })

const LED = { code: "BCDFG", key: "0", word: "BCDFG-0", session: "s", address: "https://school.example/join/BCDFG", qr: "", note: "" }
const WELCOME = { welcome: { code: "BCDFG", leads: true, me: "", mode: "follow" } }

/** A tab that leads a class, and what it asks the app for. */
async function leading(t) {
  const root = place(element("div.lead"))
  const sent = []
  const data = { room: null, offer: "", page: "lab", error: "" }
  const run = (room, error = "") => mount({
    data: { ...data, room, error }, parentElement: root, setStateValue() {}, setTriggerValue: name => sent.push(name),
  })
  const end = run(null)
  t.after(() => {
    root.host.remove()
    end()
  })
  const all = () => root.querySelectorAll("button")
  const press = words => all().find(one => one.textContent === words || one.children[0]?.textContent === words).onclick()
  press("Lead a class")
  run(LED)
  await Line.last.bring(WELCOME, { screens: [{ screen: "one", page: "lab" }] })
  return { press, run, sent, part: selector => root.querySelector(selector).textContent }
}

test("the menu says that a class is being opened only until it is", async t => {
  const { part, sent } = await leading(t)
  assert.deepEqual(sent, ["open"])
  assert.equal(part(".menu .said"), "")
})

test("a screen that is asked for without a line is not said to be", async t => {
  const { part, press } = await leading(t)
  press("Lab 1")
  assert.equal(part(".line"), "Asking its owner …")
  assert.deepEqual(Line.last.said.at(-1), { lift: "one" })
  Line.last.lose()
  press("Lab 1")
  assert.equal(part(".line"), "Connection lost. Trying again …")
})

test("an answer about a screen is said to be heard, so that it is told once", async t => {
  const { part } = await leading(t)
  await Line.last.bring({ lifted: null })
  assert.match(part(".line"), /^That screen is not shown/)
  assert.deepEqual(Line.last.said.at(-1), { lift: null })
})

test("beside the code stands that the line is lost, until it is back", async t => {
  const { part } = await leading(t)
  Line.last.lose()
  assert.equal(part(".words .inside"), "Connection lost. Trying again …")
  mock.timers.tick(1)
  await Line.last.bring(WELCOME, { people: { inside: 2, free: 0 } })
  assert.equal(part(".words .inside"), "2 people here")
})

test("a class that could not be closed without a line says why it is over", async t => {
  const { part, press } = await leading(t)
  Line.last.lose()
  press("Close the class")
  mock.timers.tick(1)
  Line.last.lose(4411)
  assert.match(part(".menu .said"), /^The class is over/)
})
