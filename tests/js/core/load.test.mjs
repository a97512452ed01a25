// A component as Streamlit calls it, and cleans up after it.

import assert from "node:assert/strict"
import { test } from "node:test"
import { element, place } from "../page.mjs"
import { load } from "../../../static/components/core/load.js"

test("a call that a later one has overtaken takes nothing away while the component is on the page", async () => {
  const slider = element("div.slider")
  document.body.append(slider)
  const guard = await load("task/guard", false)
  const root = place()
  const call = locked => guard({ data: { hidden: [], locked }, parentElement: root })
  const [endFirst, end] = [call([".menu"]), call([".slider"])]
  endFirst()
  assert.equal(slider.inert, true)
  root.host.remove()
  end()
  assert.equal(slider.inert, false)
})
