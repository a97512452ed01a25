// Whoever works alone is asked for their screen, with a line that may be lost.

import assert from "node:assert/strict"
import { mock, test } from "node:test"
import { element, nextFrame, place } from "../page.mjs"
import { Line } from "./line.mjs"
import mount from "../../../static/components/classroom/class-bar.js"

mock.timers.enable({ apis: ["setTimeout"] })
location.search = "?photo=on"

Object.assign(globalThis, { WebSocket: Line })

/** What the owner has answered on the present line. */
const agreed = () => Line.last.said.filter(said => "agree" in said).map(({ agree }) => agree)

/** A bar whose owner has been asked; `run` is a run of the page, after which the server has `lent` that photo. */
async function asked() {
  const root = place(element("div.class-bar"))
  const lent = []
  const run = (n = 0) => mount({
    data: { code: "BCDFG", page: "lab", lent: n }, parentElement: root, setStateValue() {},
    setTriggerValue: (_, { n }) => lent.push(n),
  })
  run()
  await welcomed()
  const [yes, no] = root.querySelectorAll("button")
  return { lent, run, yes, no, text: () => root.querySelector(".text").textContent, press: button => { button.onclick(); nextFrame() } }
}

/** The connection is up, and the server asks for the screen. */
async function welcomed() {
  await Line.last.bring({ welcome: { me: "me", mode: "follow" } }, { lift: true })
}

test("a screen is shown once the server has its photo", async () => {
  const { lent, run, yes, no, press } = await asked()
  press(yes)
  assert.deepEqual([yes.disabled, no.disabled, agreed()], [true, true, []])
  run(lent[0])
  assert.deepEqual([agreed(), yes.hidden, yes.disabled], [[true], true, false])
})

test("a request for the photo that is lost leaves the answer open", async () => {
  const { lent, run, yes, no, press } = await asked()
  press(yes)
  mock.timers.tick(5000)
  assert.deepEqual([yes.disabled, no.disabled, yes.hidden], [false, false, false])
  press(yes)
  run(lent[1])
  assert.deepEqual(agreed(), [true])
})

test("a lost connection ends the request, and the last press does not answer a new one", async () => {
  const { lent, run, yes, press } = await asked()
  press(yes)
  Line.last.lose()
  assert.ok(yes.hidden)
  mock.timers.tick(1)
  await welcomed()
  assert.deepEqual([yes.hidden, yes.disabled], [false, false])
  run(lent[0])
  assert.deepEqual(agreed(), [])
})

test("whoever works alone reads that the line is lost, until it is back", async () => {
  const { text } = await asked()
  Line.last.lose()
  assert.equal(text(), "Connection lost. Trying again …")
  mock.timers.tick(1)
  await Line.last.bring({ welcome: { me: "me", mode: "follow" } })
  assert.equal(text(), "You work alone. Class BCDFG goes on.")
})
