import assert from "node:assert/strict"
import test from "node:test"

import { element, place } from "../page.mjs"
import mount from "../../../static/components/camera/camera.js"

const later = () => new Promise(done => { setTimeout(done) })

test("the other camera, asked for before the first one plays, is not stopped with it", async () => {
  const streams = []
  const track = { stop() {} }
  const getUserMedia = async ({ video }) => {
    streams.push(video.facingMode)
    return { getTracks: () => [track], getVideoTracks: () => [track] }
  }
  window.isSecureContext = true
  globalThis.navigator ??= {}
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, configurable: true })
  const root = place(element("div.camera"))
  mount({ data: { size: "size" }, parentElement: root, setTriggerValue() {} })
  const [toggle, , turn] = root.querySelectorAll("button")
  const plays = []
  root.querySelector("video").play = () => new Promise((play, fail) => { plays.push({ play, fail }) })

  toggle.onclick()
  await later()
  turn.onclick()
  plays[0].fail(new DOMException("interrupted", "AbortError")) // as the browser does when its stream is taken away
  await later()
  plays[1]?.play()
  await later()
  assert.deepEqual(streams, ["user", "environment"])
  assert.equal(root.querySelector("p").textContent, "")
  assert.equal(toggle.textContent, "Stop the camera")
})
