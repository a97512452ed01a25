// What a class can be asked about: only what it can answer, and what the server can judge.

import assert from "node:assert/strict"
import test from "node:test"

import { asked } from "../../../static/components/classroom/answering.js"
import { anyKernels, shownMaps, titleOf } from "../../../static/components/classroom/askable.js"
import { board } from "../../../static/components/maps/boards.js"

const SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
const GREY = [[[299]], [[587]], [[114]]]
const PICTURE = { role: "picture", stage: 0, title: "" }

/** Put a board on the page, alone, whose maps are computed with these kernels; return its maps as they are offered. */
function offered(panes, ...kernels) {
  const shown = board("lab")
  const headers = [PICTURE, ...panes].map(pane => ({ chain: null, height: 8, numbers: null, width: 8, ...pane }))
  const chains = kernels.map(matrices => ({ matrices, title: "Sobel x" }))
  shown.message = { header: { panes: headers, chains, input: {} } }
  const drawn = headers.map(pane => ({ pane, named: [null, { textContent: "Its name" }], image: null }))
  shown.slots = new Map([[0, { panes: drawn }]])
  return shownMaps()
}

const map = (more = {}) => ({ alt: "", chain: 0, role: "convolution", stage: 1, title: "Sobel x", ...more })

test("a kernel can be asked for if one makes the map from all channels of the picture", () => {
  const [one] = offered([map()], [SOBEL, SOBEL, SOBEL])
  assert.equal(one.drawn, true)
})

test("the kernels that turn colour into grey cannot be asked for", () => {
  const [grey] = offered([map()], GREY)
  assert.equal(grey.drawn, false)
  assert.equal(grey.tapped, true)
})

test("a question about a kernel does not name it", () => {
  offered([map(), map({ alt: "Sobel x, then ReLU", role: "activation", stage: 2, title: "ReLU" })], [SOBEL])
  assert.equal(titleOf({ board: "lab", kind: "draw", pane: 1 }), "this map")
  assert.equal(titleOf({ board: "lab", kind: "draw", pane: 2 }), "ReLU")
  assert.equal(titleOf({ board: "lab", kind: "number", pane: 1 }), "Sobel x")
  assert.equal(asked({ board: "lab", kind: "draw", pane: 1 }), "Which kernel turns the picture into this map?")
  assert.equal(asked({ board: "lab", kind: "draw", pane: 2 }), "Which kernel turns the picture into the map “ReLU”?")
})

test("a question whose map has left the screen does not name the one in its place", () => {
  offered([map({ title: "Sigmoid" })], [SOBEL])
  const about = { board: "lab", pane: 1, row: 2, column: 3 }
  assert.equal(asked({ ...about, kind: "number" }, false), "What will Sigmoid be at row 2, column 3?")
  assert.equal(asked({ ...about, kind: "number" }, true), "What will that map be at row 2, column 3?")
  assert.equal(asked({ ...about, kind: "draw" }, true), "Which kernel turns the picture into that map?")
})

test("maps of one kernel after different steps have different names", () => {
  const alt = "Sobel x, 32\u00a0×\u00a032 cells, mean 3"
  offered([map({ alt }), map({ alt: alt.replace(",", ", then ReLU,"), role: "activation", stage: 2 })], [SOBEL])
  assert.deepEqual([1, 2].map(pane => titleOf({ board: "lab", pane })), ["Sobel x", "Sobel x, then ReLU"])
  assert.equal(titleOf({ board: "lab", kind: "draw", pane: 2 }), "this map")
})

test("any kernel is offered once for each board, by different names", () => {
  const maps = [["a", "Grid"], ["a", "Pooled"], ["b", "Photo"]].map(([board, title]) => ({ board, title }))
  assert.deepEqual(anyKernels(maps.slice(0, 2)), [["a", "Any kernel: none is wrong"]])
  assert.deepEqual(anyKernels(maps), [["a", "Any kernel for Grid: none is wrong"], ["b", "Any kernel for Photo: none is wrong"]])
})

test("nothing is asked about a map whose numbers the server does not have", () => {
  const others = [map({ chain: null, role: "", title: "Difference" }), map({ role: "loss" })]
  assert.deepEqual(offered([map(), ...others], [SOBEL]).map(({ pane }) => pane), [1])
})

test("weights cannot be asked about, since a class could only guess them", () => {
  const weights = { chain: null, numbers: 0, role: "" }
  assert.deepEqual(offered([], [SOBEL]), [])
  assert.equal(offered([map(weights)], [SOBEL]).length, 1) // beside a picture, it can be tapped
  const shown = board("lab")
  shown.message.header.panes.shift()
  shown.slots.get(0).panes.shift()
  assert.deepEqual(shownMaps(), [])
})
