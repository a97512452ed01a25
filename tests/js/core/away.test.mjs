// Links and buttons that lead to another page, with a line that may be lost.

import assert from "node:assert/strict"
import { test } from "node:test"
import "../page.mjs"
import { leadAway, leave } from "../../../static/components/core/away.js"

const LOST = "Connection lost: this opens when it is back."

/** A page whose requests have these answers, one after the other; what it says, and where it goes. */
function page(context, ...answers) {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  context.mock.method(globalThis, "fetch", async () => {
    const status = answers.shift()
    if (!status) throw new TypeError("Failed to fetch")
    return { status }
  })
  const said = [], gone = []
  location.assign = address => gone.push(address)
  const wait = async () => {
    for (let i = 0; i < 4; i++) {
      await new Promise(setImmediate)
      context.mock.timers.tick(1000)
    }
  }
  return { said, gone, wait, tell: sentence => said.push(sentence) }
}

test("without a line a page says so, and is left when the line and the server are back", async context => {
  const { gone, said, tell, wait } = page(context, 0, 503, 200)
  void leave("https://school.example/join", tell)
  await wait()
  assert.deepEqual([said, gone], [[LOST, LOST], ["https://school.example/join"]])
})

test("a link leads where it leads when the line is back, or nowhere if it does not any more", async context => {
  for (const [href, expected] of [["/pixels", ["/pixels"]], ["", []]]) {
    context.mock.timers.reset()
    const { gone, tell, wait } = page(context, 0, 200)
    const link = document.createElement("a")
    link.href = "/lab"
    leadAway(link, tell)
    let prevented = 0
    link.onclick({ preventDefault: () => prevented++ })
    link.href = href
    await wait()
    assert.deepEqual([gone, prevented], [expected, 1])
  }
})

test("a link that opens in another tab is the browser's, and one that leads nowhere is none", async context => {
  const { gone, tell, wait } = page(context, 200)
  const link = document.createElement("a")
  leadAway(link, tell)
  link.onclick({})
  link.href = "/lab"
  link.onclick({ ctrlKey: true })
  await wait()
  assert.deepEqual(gone, [])
})
