import assert from "node:assert/strict"
import test from "node:test"

import { watchAnswers } from "../../../static/components/live/unsent.js"

/** What is said of the answers to some requests: [address, number] each. */
function said(...answers) {
  const heard = []
  let tell = () => {}
  globalThis.PerformanceObserver = class {
    constructor(act) { tell = act }

    observe() {}
  }
  watchAnswers(why => heard.push(why))
  tell({ getEntries: () => answers.map(([name, responseStatus]) => ({ name, responseStatus })) })
  return heard
}

const FILE = "https://school.example/cnn/_stcore/upload_file/session/file"

test("the reason why a file was not sent is shown, with what to do", () => {
  assert.match(said([FILE, 400])[0], /connection .* lost.*: try again/)
  assert.match(said([FILE, 403])[0], /allow cookies/)
  assert.match(said([FILE, 413])[0], /fewer at once/)
  assert.match(said([FILE, 502])[0], /\(502\): reload/)
})

test("nothing is shown for files that arrived, other requests, and an unknown status", () => {
  assert.deepEqual(said([FILE, 204], ["https://school.example/media/a.png", 404], [FILE, undefined], [FILE, 0]), [])
})
