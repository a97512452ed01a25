import assert from "node:assert/strict"
import { test } from "node:test"

import { codeOf } from "../../../static/components/classroom/identity.js"
import { spans } from "../../../static/components/classroom/markdown.js"

test("the little Markdown of the pages' sentences becomes bold, italics, code and text", () => {
  assert.deepEqual(spans("**What to look for.** Press *Play* and `x`&nbsp;5 \\* 3"), [
    ["strong", "What to look for."], ["", " Press "], ["em", "Play"], ["", " and "], ["code", "x"], ["", "\u00a05 * 3"],
  ])
  assert.deepEqual(spans("2 * 3 * 4"), [["", "2 * 3 * 4"]])
})

test("a code is read as it is typed", () => {
  assert.equal(codeOf(" kat-ze "), "KATZE")
  assert.equal(codeOf("KATZ"), "")
  assert.equal(codeOf("KATZ3"), "")
})
