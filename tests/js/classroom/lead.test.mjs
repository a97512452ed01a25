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
  const press = words => root.querySelectorAll("button").find(one => one.textContent === words || one.children[0]?.textContent === words).onclick()
  press("Lead a class")
  run(LED)
  await Line.last.bring(WELCOME, { screens: [{ screen: "one", page: "lab" }] })
  return { all: selector => root.querySelectorAll(selector), press, run, sent, part: selector => root.querySelector(selector).textContent }
}

test("the menu says that a class is being opened only until it is", async t => {
  const { part, sent } = await leading(t)
  assert.deepEqual(sent, ["open"])
  assert.equal(part(".menu .said"), "")
})

test("a request for a screen while disconnected is not reported as sent", async t => {
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

test("a question that was lost with the line is said to be, and keeps its words", async t => {
  const { all, part, press } = await leading(t)
  const [form] = all(".asking")
  press("A choice")
  const [words, ...options] = all(".asking .text")
  words.value = "Which kernel?"
  options.forEach((option, i) => { option.value = `${i}` })
  form.onsubmit({ preventDefault() {} })
  assert.equal(Line.last.said.at(-1).ask.text, "Which kernel?")
  assert.equal(part(".asking .said"), "")
  Line.last.lose()
  mock.timers.tick(1)
  await Line.last.bring(WELCOME, { question: null })
  assert.equal(part(".asking .said"), "The question was lost with the connection: ask again.")
  assert.equal(words.value, "Which kernel?")
  await Line.last.bring({ question: { n: 1, kind: "choose", text: "Which kernel?", options: ["0", "1"], open: true } })
  assert.equal(words.value, "") // it had arrived after all
})

test("beside the code, a lost connection is reported until it is back", async t => {
  const { part } = await leading(t)
  Line.last.lose()
  assert.equal(part(".words .inside"), "Connection lost. Trying again …")
  mock.timers.tick(1)
  await Line.last.bring(WELCOME, { people: { inside: 2, free: 0 } })
  assert.equal(part(".words .inside"), "2 people here")
})

test("a class that could not be closed while disconnected says why it is over", async t => {
  const { part, press } = await leading(t)
  Line.last.lose()
  press("Close the class")
  mock.timers.tick(1)
  Line.last.lose(4411)
  assert.match(part(".menu .said"), /^The class is over/)
})

test("what is typed of a question is there again after a reload, until it is asked", async t => {
  const stored = new Map()
  globalThis.sessionStorage = {
    getItem: name => stored.get(name) ?? null, setItem: (name, word) => stored.set(name, word), removeItem: name => stored.delete(name),
  }
  t.after(() => { delete globalThis.sessionStorage })
  const first = await leading(t)
  first.press("A choice")
  first.press("One more answer")
  const [words, ...options] = first.all(".asking .text")
  words.value = "Which kernel?"
  options.forEach((option, i) => { option.value = ["Blur", "", "Edges"][i] })
  first.all(".asking .option input[type=checkbox]")[2].checked = true
  first.all(".asking")[0].oninput()
  const { all } = await leading(t)
  assert.deepEqual(all(".asking .text").map(({ value }) => value), ["Which kernel?", "Blur", "", "Edges"])
  all(".asking")[0].onsubmit({ preventDefault() {} })
  const choice = { kind: "choose", text: "Which kernel?", options: ["Blur", "Edges"], right: 1 }
  assert.deepEqual(Line.last.said.at(-1).ask, choice)
  await Line.last.bring({ question: { ...choice, n: 1, open: true } })
  const later = await leading(t)
  assert.equal(later.all(".asking .text")[0].value, "")
})
