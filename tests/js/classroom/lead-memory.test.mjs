import assert from "node:assert/strict"
import { test } from "node:test"

const { answerTabs, isLedElsewhere } = await import("../../../static/components/classroom/lead-memory.js")

test("a duplicated tab learns that the class is led, and a reloaded one that it is not", async () => {
  const silence = answerTabs(() => "ABCDE-1")
  const other = answerTabs(() => "")
  assert.equal(await isLedElsewhere("ABCDE-1"), true)
  assert.equal(await isLedElsewhere("FGHIJ-2"), false)
  silence()
  assert.equal(await isLedElsewhere("ABCDE-1"), false)
  other()
})
