// @ts-check
// A button that takes five pictures a second from the live camera while it is held. They are sent
// together when it is released.

import { find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { frameNow } from "./camera.js"

/** @import { Component } from "../core/component.js" */

const EVERY = 200 // ms
const LARGEST = 320 // pixels of a side
const OFF = "Start the live camera first, with the button beside the pictures above."

const mounts = new Mounts(root => new Shutter(find(root, ".shutter")))

/** @param {Component<{ label: string, most: number }>} component `most` pictures at a time. */
export default function ({ data, parentElement, setTriggerValue }) {
  const shutter = mounts.of(parentElement)
  shutter.send = files => setTriggerValue("taken", files)
  shutter.most = data.most
  shutter.button.textContent = data.label
  shutter.button.disabled = !data.most
  return () => shutter.stop()
}

class Shutter {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.most = 0
    /** @type {string[]} */
    this.taken = []
    this.timer = 0
    /** @type {(files: string[]) => void} */
    this.send = () => {}
    this.button = makeButton(root, "hold", "", () => {})
    this.said = make("p", "said", root)
    this.said.setAttribute("role", "status")
    const { button } = this
    button.onpointerdown = event => {
      if (event.button > 0) return
      button.setPointerCapture(event.pointerId)
      this.start()
    }
    button.onpointerup = button.onpointercancel = button.onblur = () => this.stop()
    button.onkeydown = ({ key, repeat }) => { if (key === " " && !repeat) this.start() }
    button.onkeyup = ({ key }) => { if (key === " ") this.stop() }
  }

  start() {
    if (this.timer || this.button.disabled) return
    this.timer = window.setInterval(() => this.take(), EVERY)
    this.take()
  }

  take() {
    const file = frameNow(LARGEST)
    this.said.textContent = file ? `${this.taken.push(file)} taken` : OFF
    if (!file || this.taken.length >= this.most) this.stop()
  }

  stop() {
    clearInterval(this.timer)
    this.timer = 0
    if (this.taken.length) this.send(this.taken)
    this.taken = []
  }
}
