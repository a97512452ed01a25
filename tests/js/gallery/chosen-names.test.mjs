import assert from "node:assert/strict"
import test from "node:test"

import { chosenAfter } from "../../../static/components/gallery/chosen-names.js"

test("a click replaces what was chosen", () => {
  assert.deepEqual(chosenAfter(["a", "b"], "c", false), ["c"])
})

test("if several can be chosen, a click adds or removes a card, and one stays", () => {
  assert.deepEqual(chosenAfter(["a"], "b", true), ["a", "b"])
  assert.deepEqual(chosenAfter(["a", "b"], "a", true), ["b"])
  assert.deepEqual(chosenAfter(["a"], "a", true), ["a"])
})
