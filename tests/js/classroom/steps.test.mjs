import assert from "node:assert/strict"
import { test } from "node:test"
import { deflateSync } from "node:zlib"

import { Steps } from "../../../static/components/classroom/steps.js"

const text = word => new TextEncoder().encode(word)

function written(header, ...parts) {
  const head = text(JSON.stringify(header))
  const bytes = new Uint8Array(4 + head.length + parts.reduce((sum, part) => sum + part.length, 0))
  new DataView(bytes.buffer).setUint32(0, head.length, true)
  bytes.set(head, 4)
  let at = 4 + head.length
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes.buffer
}

const said = (step, name) => new TextDecoder().decode(step.put.get(name))

test("a message is its parts, as they are, packed, or from an earlier step", async () => {
  const steps = new Steps()
  const packed = deflateSync(text("bbbbbbbb"))
  const first = await steps.read(written(
    { step: 1, put: [{ to: "mount:a", parts: [[1, 2, "A"], [2, 8, packed.length, "B"]] }] }, text("aa"), packed))
  assert.equal(said(first, "mount:a"), "aabbbbbbbb")
  const second = await steps.read(written(
    { step: 2, put: [{ to: "mount:a", parts: [[1, 1, "C"], [0, "B"]] }, { to: "mount:b", parts: [[0, "A"]] }] }, text("c")))
  assert.equal(said(second, "mount:a"), "cbbbbbbbb")
  assert.equal(said(second, "mount:b"), "aa")
})

test("parts that a receiver has dropped are not available to the next step", async () => {
  const steps = new Steps()
  await steps.read(written({ step: 1, put: [{ to: "mount:a", parts: [[1, 1, "A"]] }] }, text("a")))
  const third = await steps.read(written({ step: 2, gone: ["mount:a"], put: [{ to: "mount:b", parts: [[0, "A"]] }] }))
  assert.equal(said(third, "mount:b"), "a")
  await steps.read(written({ step: 3, gone: ["mount:b"], cell: null }))
  await assert.rejects(steps.read(written({ step: 4, put: [{ to: "mount:c", parts: [[0, "A"]] }] })))
})
