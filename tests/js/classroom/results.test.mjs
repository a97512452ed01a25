import assert from "node:assert/strict"
import test from "node:test"

import { packed, place } from "../page.mjs"
import { drawResult } from "../../../static/components/classroom/results.js"
import { Panel } from "../../../static/components/classroom/teacher-panel.js"

const TABLE = { light: 0, dark: 0 }
const maps = side => packed({ height: side, width: side, limit: 1, table: TABLE, kernelTable: TABLE, offsets: [768] })
const kernels = { rights: 0, kernels: [{ kernel: [[0, 0, 0], [0, 1, 0], [0, 0, 0]], count: 1, right: null }] }

test("people who tap the same cell are counted one by one", () => {
  const root = place()
  const result = { n: 1, kind: "point", count: 3, truth: [0, 0], mine: null, right: null, tally: [[1, 1, 3]] }
  drawResult(root, { question: { board: "lab" }, result, maps: null })
  assert.equal(root.querySelector("canvas").getAttribute("aria-label"), "Where 3 people tapped, on the picture.")
})

test("beside the kernels of a question a teacher sees their own maps, not those of the question before", () => {
  const root = place()
  const panel = new Panel(root, { say: () => true, present() {}, show() {}, end() {} })
  for (const n of [1, 2]) {
    panel.take({ question: { n, kind: "draw", open: false, board: "lab", pane: null }, result: null })
    panel.take({ result: { n, kind: "draw", count: 1, truth: null, mine: null, right: null, tally: kernels } })
    assert.equal(root.querySelector("canvas"), null)
    panel.take({ maps: maps(n) }) // in a step, after the result
    assert.equal(root.querySelector("canvas").width, n)
  }
})
