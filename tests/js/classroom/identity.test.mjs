// The code of a class as people type it.

import assert from "node:assert/strict"
import { test } from "node:test"

import { codeIn, codeOf } from "../../../static/components/classroom/identity.js"

test("a code may be typed in lower case, with spaces or dashes", () => {
  for (const typed of ["KRTZN", "krtzn", "KRT ZN", " k-r-t-z-n "]) assert.equal(codeOf(typed), "KRTZN")
  for (const typed of ["", "KRTZ", "KRTZNA", "KRT1N"]) assert.equal(codeOf(typed), "")
})

test("an address that cannot be read has no code", () => {
  assert.equal(codeIn("krt%20zn"), "KRTZN")
  assert.equal(codeIn("%E0"), "")
})
