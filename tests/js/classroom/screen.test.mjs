// The teacher's screen on a follower's page: which cell is in hand there.

import assert from "node:assert/strict"
import { test } from "node:test"
import { element, packed } from "../page.mjs"
import { Screen } from "../../../static/components/classroom/screen.js"
import { board } from "../../../static/components/maps/boards.js"

const NAME = "mount:lab:maps"
const SCREEN = {
  page: "lab", title: "Lab", subtitle: "", link: "", photo: "",
  items: [{ kind: "component", region: "maps", key: "lab:maps", module: "maps/maps", html: "", json: false }],
}
const CHAIN = {
  title: "Own", kernelLabel: "", matrices: [[[1]]], divisor: 1, flip: false, bias: 0, stride: [1, 1], dilation: [1, 1],
  pads: [[0, 0], [0, 0]], mode: "zeros", activation: "none", activationTitle: "None", bounded: false, parameters: {},
  norm: null, pooling: null, sizes: { input: [8, 8], features: [8, 8], pooled: [8, 8] }, unread: [null, null, null, null],
}
const INPUT = { offset: 0, channels: 1, height: 8, width: 8, factor: 1, exact: false, black: 0, white: 255 }
const cell = row => ({ board: "lab", stage: 1, row, column: 0, chain: 0, pinned: true })

/** The maps of a run, with the pin that it knew. */
const maps = (pin = "") => new Map([[NAME, packed({
  board: "lab", world: [0, 0, 8, 8], table: { light: 0, dark: 0 }, kernelTable: { light: 0, dark: 0 }, panes: [],
  chains: [CHAIN], input: INPUT, predict: false, closeup: 0, linked: false, panel: false, subject: "",
  start: { stage: 1, row: 4, column: 4, chain: 0 }, pin,
})]])

/** Take steps one after the other; the row of the cell in hand after each. */
async function rows(...steps) {
  const screen = new Screen(element("main"))
  const found = []
  for (const step of steps) {
    await screen.take({ step: 1, put: new Map(), ...step })
    found.push(board("lab").cursor?.row)
  }
  return found
}

test("a run that was under way does not bring back the teacher's previous cell", async () => {
  const found = await rows(
    { screen: SCREEN, put: maps(), cell: cell(1) },
    { cell: cell(2) },
    { put: maps("1,1,0,0") },
    { put: maps("1,2,0,0") },
  )
  assert.deepEqual(found, [1, 2, 2, 2])
})

test("the cell that a follower has tapped stays when a run brings the teacher's", async () => {
  const screen = new Screen(element("main"))
  await screen.take({ step: 1, screen: SCREEN, put: maps(), cell: cell(1) })
  board("lab").pin({ stage: 1, row: 6, column: 0, chain: 0 })
  await screen.take({ step: 2, put: maps("1,1,0,0") })
  assert.equal(board("lab").cursor?.row, 6)
})

test("a cell that arrives before its maps is marked once they have arrived", async () => {
  board("lab").message = board("lab").cursor = board("lab").kept = null
  assert.deepEqual(await rows({ cell: cell(3) }, { screen: SCREEN, put: maps() }), [undefined, 3])
})
