// The numbers in the cells of a map.

import assert from "node:assert/strict"
import { test } from "node:test"

import { values } from "../../../static/components/maps/pane-values.js"

const INPUT = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
const input = { channels: 1, height: 5, width: 5, value: (_, row, column) => INPUT[row][column] }
const chain = {
  title: "picture", kernelLabel: "kernel", matrices: [[[1]]], divisor: 1, flip: false, bias: 0,
  stride: [1, 1], dilation: [1, 1], pads: [[0, 0], [0, 0]], mode: "zeros", activation: "none",
  activationTitle: "None", bounded: false, parameters: {}, norm: null,
  pooling: { kind: "max", window: [2, 2], stride: [2, 2], pads: [0, 0], include: true },
  sizes: { input: [5, 5], features: [5, 5], pooled: [2, 2] }, unread: [[[], []], null, [[4], [4]], null],
}
const loss = { role: "loss", chain: 0, channel: 0, channels: 1 }
const pooled = { role: "pooling", chain: 0, place: [0, 0, 2, 2], height: 2, width: 2 }
const view = { chain, board: { input }, pane: loss, header: { panes: [loss, pooled] } }

test("the loss by pooling is written only for cells that a window reads", () => {
  assert.deepEqual(values(view, 0, 2), [2 - 3])
  assert.deepEqual(values(view, 3, 3), [2 - 2])
  for (const place of [[4, 0], [0, 4], [4, 4]]) assert.deepEqual(values(view, ...place), [])
})
