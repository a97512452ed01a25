// The places for the maps of several stages, as the page changes which of them there are.

import assert from "node:assert/strict"
import { test } from "node:test"
import { element, place, watching } from "../page.mjs"
import { board } from "../../../static/components/maps/boards.js"
import mount from "../../../static/components/maps/slot.js"

const PANE = {
  title: "map", height: 2, width: 2, channels: 1, picture: true, grey: true, black: 0, white: 255, role: "picture",
  chain: null, channel: 0, chart: null, outline: null, over: false, place: [0, 0, 1, 1], legend: ["0", "", "255"],
  figures: "", alt: "", offset: 0, numbers: null,
}

/** A board with a map in each of three stages. */
function shown(name) {
  const panes = [0, 1, 2].map(stage => ({ ...PANE, stage, slot: stage }))
  const header = { board: name, world: [0, 0, 2, 2], table: { light: 0, dark: 0 }, panes, chains: [], input: null }
  board(name).show({ header, plane: (_, size = 768) => new Uint8Array(size) })
  return board(name)
}

/** Mount places one after another in one element; how many maps each then has. */
function mounted(name, ...times) {
  const one = shown(name)
  const inside = element("div.pane")
  const root = place(inside)
  let end
  for (const stages of times) {
    const slots = stages.map(stage => (stage === null ? null : { board: name, stage }))
    end = mount({ data: { row: slots }, parentElement: root, setStateValue() {} })
  }
  return { one, end, inside, maps: inside.children.map(child => child.querySelectorAll("figure").length) }
}

test("a stage without a place releases its maps", () => {
  const before = watching()
  const { one, end, maps } = mounted("fewer", [0, 1, 2], [0, 1])
  assert.deepEqual([...one.slots.keys()], [0, 1])
  assert.deepEqual(maps, [1, 1])
  end()
  assert.deepEqual(watching(), before)
})

test("stages that swap places have one set of maps each", () => {
  const { one, inside, maps } = mounted("moved", [0, 1], [1, 0], [2, null])
  assert.deepEqual(maps, [1, 0])
  assert.equal(one.slots.get(2).element, inside.children[0])
})

test("a block in a window of another size is arranged by its newest data, once", () => {
  const one = shown("block")
  const inside = Object.assign(element("div.block"), { clientWidth: 1200 })
  const root = place(inside)
  const data = (columns, stages) => ({ block: stages.map(stage => ({ board: "block", stage })), columns, first: 0, pins: false })
  for (const next of [data(1, [0]), data(2, [0, 1]), data(3, [0, 1, 2])]) {
    mount({ data: next, parentElement: root, setStateValue() {} })
  }
  assert.equal(one.shaped.size, 1)
  const arranged = []
  const { style } = inside
  inside.style = new Proxy(style, { set: (_, name, value) => arranged.push([name, value]) })
  dispatchEvent(new Event("resize"))
  assert.equal(arranged.length, 1)
  assert.match(arranged[0][1], /^repeat\(3, /)
})
