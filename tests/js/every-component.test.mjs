// A component's module is called on every change of its data, but cleaned up only once, at the end.

import assert from "node:assert/strict"
import { readFileSync, readdirSync } from "node:fs"
import { mock, test } from "node:test"
import { element, nextFrame, packed, place, watching } from "./page.mjs"
import { hand } from "../../static/components/live/hand.js"
import { known } from "../../static/components/maps/boards.js"

mock.timers.enable({ apis: ["setTimeout", "setInterval"] })

const FOLDER = new URL("../../static/components/", import.meta.url)
const TIMES = 4 // changes of the data

const tables = { light: 0, dark: 0 }
const table = { light: btoa("\0".repeat(768)), dark: btoa("\0".repeat(768)) }
const span = { low: 0, high: 1, label: "x" }
const pane = (stage, i) => ({
  stage, slot: stage, title: `map ${i}`, height: 2, width: 2, channels: 1, picture: true, grey: true, black: 0, white: 255,
  role: "picture", chain: null, channel: 0, chart: null, outline: null, over: false, place: [0, 0, 1, 1],
  legend: ["0", "", "255"], figures: "", alt: "", offset: 0, numbers: null,
})
const board = i => ({
  board: "lab", world: [0, 0, 2, 2 + i % 2], table: tables, panes: [pane(0, i), pane(1, i)], chains: [], input: null, panel: true,
})
const layer = i => ({
  name: "picture", title: "picture", figures: String(i), shape: [1, 2, 2], drawn: 1, order: null, size: [2, 2], block: [1, 1],
  offset: 0, exact: null, limit: 1, shown: "1", vector: false, flat: false, picture: true, grey: false, zeros: [], kernels: false,
  large: false, over: false, aside: false, labels: [], shares: false, groups: 1, windows: null,
})
const block = i => ({ title: `conv ${i}`, detail: "", shape: "", error: "", factors: "", fields: [], choices: null })

/** For each component its elements, if they are not one of its own name; and its data at the time `i`. */
const COMPONENTS = {
  "camera/camera": { data: i => ({ size: `size ${i}` }) },
  "camera/shutter": { data: i => ({ label: "Hold", most: i }) },
  "classroom/class-bar": { data: i => ({ code: "ABCDE", page: `page ${i}`, lent: 0 }) },
  "classroom/lead": { data: i => ({ room: null, offer: "", page: `page ${i}`, error: "" }) },
  "confusion/confusion": { data: i => ({ classes: ["a", "b"], counts: [[i, 1], [0, 2]], chosen: null }) },
  "crop/crop": { data: i => ({ keys: ["a", "b"], label: "", photo: "", size: [40, 30], part: 50, place: { across: i, down: 50 }, turn: 0 }) },
  "curves/curves": { data: i => ({ name: "curves", label: "", x: span, y: span, values: [0, i] }) },
  "drawing-pad/drawing-pad": { data: () => ({ key: "a", label: "", value: "", most: 100, turn: 0, under: "" }) },
  "examples/examples": { data: i => packed({ items: [{ number: i, said: "", truth: "", right: true, alt: "", offset: 0 }], chosen: null, size: [2, 2] }) },
  "figure/figure": { data: () => null },
  "gallery/chosen-card": { data: i => ({ gallery: "gallery", key: "a", chosen: [String(i)], many: false, most: 1, strip: [], extra: "" }) },
  "gallery/gallery": { data: () => packed({ gallery: "gallery", cards: [], table: tables, kernelTable: tables }) },
  "kernel-cells/kernel-cells": { data: i => ({ key: "a", label: "", rows: [[i]], table, changed: false, hinted: false, fill: true, turn: 0, step: 1 }) },
  "labelled-pictures/labelled-pictures": { data: i => packed({ items: [{ name: "a", number: i, offset: 0 }], side: 2, removable: true }) },
  "live/live": { data: i => ({ token: "token", values: { a: String(i) }, titles: {} }) },
  "maps/maps": { around: () => [element("div.sheet", element("div.player"), element("div.panel"))], data: i => packed(board(i)) },
  "maps/profile": { data: i => ({ name: "profile", board: "lab", row: i }) },
  "maps/slot": {
    around: () => [element("div.pane")],
    data: i => ({ block: [0, 1, 2].map(stage => ({ board: "lab", stage, name: String(i) })), columns: 0, first: 0, pins: true }),
  },
  "matrix/matrix": { data: i => ({ key: "a", label: "", help: null, rows: [[i]], divisor: 1, highest: 9, largest: 9, longest: 9, low: null, high: null, table, turn: 0, unread: "" }) },
  "output-sizes/output-sizes": { data: i => [{ name: "stride", present: 1, points: [[1, i], [2, 1]], span: [1, 2] }] },
  "overview/overview": { data: i => packed({ layers: [layer(i)], chosen: "", choosable: true, name: "overview", target: "", hint: "", table: tables, kernelTable: tables }) },
  "page/link": { around: () => [element("div.link", element("button"), element("span[role=status]"))], data: i => ({ page: "", query: `bias=${i}`, visit: "a", heard: 0, without: "" }) },
  "page/seen-pages": { data: i => ({ pages: ["lab", "pixels"], here: i % 2 ? "lab" : "pixels" }) },
  "page/tour": { around: () => [element("button")], data: i => [{ at: "body", text: String(i), first: true }] },
  "picture-thumbnails/picture-thumbnails": { data: i => ({ label: "", items: [{ name: "a", title: "a", source: `${i}` }], selected: "a", own: "own", sample: "a", photo: "b", limit: 9, longest: 9 }) },
  "slider/slider": {
    around: () => [element("div.slider", element("label"), element("input[type=number]"), element("span.unit"), element("input[type=range]"))],
    data: i => ({ key: "a", label: "", help: null, unit: null, low: 0, high: 9, step: 1, start: 0, value: i, turn: 0 }),
  },
  "stack/stack": { data: i => ({ input: "", blocks: [block(i)], chosen: 0, addable: [], canUndo: false, canRedo: false, full: false }) },
  "task/guard": { data: i => ({ hidden: [`.a${i}`], locked: [`.b${i}`] }) },
  "transport/transport": { data: i => ({ running: true, over: false, fresh: false, status: "", rest: 0, turn: i }) },
  "unit/unit": { data: i => packed({ kind: "lines", lines: [String(i)], table: tables, kernelTable: tables }) },
  "weight-cells/weight-cells": { data: i => ({ label: "", rows: [[i, 1]], chosen: [0, 0], table }) },
}

const held = () => ({
  ...watching(),
  receivers: hand.receivers.size,
  ready: hand.ready.size,
  slots: known().reduce((sum, { slots }) => sum + slots.size, 0),
  shaped: known().reduce((sum, { shaped }) => sum + shaped.size, 0),
})

test("every component is tried here", () => {
  const files = readdirSync(FOLDER, { recursive: true }).filter(file => file.endsWith(".js"))
  const found = files.filter(file => readFileSync(new URL(file, FOLDER), "utf8").includes("\nexport default function"))
  assert.deepEqual(found.map(file => file.replace(/\.js$/, "")).sort(), Object.keys(COMPONENTS).sort())
})

for (const [name, { around, data }] of Object.entries(COMPONENTS)) {
  test(`${name} watches no more after its data has changed, and nothing once it is gone`, async () => {
    const { default: call } = await import(new URL(`${name}.js`, FOLDER))
    const root = place(...(around?.() ?? [element(`div.${name.split("/")[1]}`)]))
    let end
    const mount = i => {
      end = call({ data: data(i), parentElement: root, setStateValue() {}, setTriggerValue() {} })
      nextFrame()
    }
    const before = held()
    mount(1)
    mount(2)
    const mounted = held()
    for (let i = 3; i < 3 + TIMES; i++) mount(i)
    assert.deepEqual(held(), mounted)
    root.host.remove()
    end?.()
    assert.deepEqual(held(), before)
  })
}
