// @ts-check
// The live camera: while it is on, its frames go through the chain of the page. None is kept; a
// frame that the user freezes is sent as a file and becomes the picture.

import { find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { isPresenting } from "../core/present.js"
import { hand } from "../live/hand.js"

/** @import { Component } from "../core/component.js" */
/** @typedef {"user" | "environment"} Facing The front of a phone, or its back. */

const LONGEST = 512 // longest side, in cells, of a frame that goes through a chain
const LARGEST = 1024 // longest side, in cells, of a frame that becomes the picture
const INSECURE = "Browsers allow the camera on secure pages only: open the app on the machine that it runs on, " +
  "or ask for it to be served over HTTPS."
/** @type {Record<string, string>} */
const REFUSED = {
  NotAllowedError: "Access to the camera was denied: allow it beside the address in the browser, and try again.",
  NotFoundError: "No camera was found: plug one in, and try again.",
  OverconstrainedError: "No camera was found: plug one in, and try again.",
  NotReadableError: "Another program is using the camera: close that program, and try again.",
}
const UNKNOWN = "The camera could not be started."
const ENDED = "The camera has stopped: check that it is plugged in and allowed, and try again."

/** @type {Camera | null} */
let filming = null

/**
 * The current frame of the live camera as a file, in base64; empty if the camera is off.
 *
 * @param {number} longest The longest side, in pixels.
 */
export function frameNow(longest) {
  const drawn = filming?.draw(longest)
  return drawn ? drawn.canvas.toDataURL("image/jpeg", 0.9).split(",")[1] : ""
}

const mounts = new Mounts(root => new Camera(find(root, ".camera")))

/** @param {Component<{ size: string }>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const camera = mounts.of(parentElement)
  camera.size = data.size
  camera.send = file => setTriggerValue("frozen", file)
  return () => camera.remove()
}

/** @param {unknown} error */
function sentence(error) {
  return REFUSED[error instanceof Error ? error.name : ""] ?? UNKNOWN
}

class Camera {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.size = "" // the setting of the longest side
    /** @type {(file: string) => void} */
    this.send = () => {}
    /** @type {MediaStream | null} */
    this.stream = null
    /** @type {Facing} */
    this.facing = "user"
    this.starting = 0 // counts the starts: one that a later start has overtaken is given up
    this.canvas = document.createElement("canvas")
    this.toggle = makeButton(root, "toggle", "Live camera", () => (this.stream ? this.stop() : this.start()))
    const finder = make("div", "viewfinder", root)
    this.video = make("video", "preview", finder)
    this.video.muted = this.video.playsInline = true
    this.video.hidden = true
    this.rest = [
      makeButton(finder, "freeze", "Freeze", () => this.freeze()),
      makeButton(finder, "turn", "Other camera", () => this.turn()),
      makeButton(finder, "mirror", "Mirror", () => this.mirror(!this.mirrored)),
    ]
    this.mirrored = true
    this.said = make("p", "said", finder)
    this.said.setAttribute("role", "status")
    this.show()
    this.gone = new AbortController()
    const { signal } = this.gone
    for (const act of ["pointerdown", "keydown"]) document.addEventListener(act, () => this.say(""), { signal }) // the message has been read
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.stop() }, { signal })
    addEventListener("pagehide", () => this.stop(), { signal })
    // A page without pictures hides the camera; presenting does too, but still shows its frames.
    const size = new ResizeObserver(([{ contentRect }]) => { if (!contentRect.width && !isPresenting()) this.stop() })
    size.observe(root)
    signal.addEventListener("abort", () => size.disconnect())
    const main = document.querySelector("[data-testid=stMain]")
    main?.addEventListener("scroll", () => finder.style.setProperty("--scrolled", `${main.scrollTop}px`), { signal })
  }

  remove() {
    this.stop()
    this.gone.abort()
  }

  show() {
    const isOn = Boolean(this.stream)
    this.toggle.textContent = isOn ? "Stop the camera" : "Live camera"
    this.toggle.setAttribute("aria-pressed", String(isOn))
    this.rest.forEach(button => { button.hidden = !isOn })
    this.rest[2].setAttribute("aria-pressed", String(this.mirrored))
    this.video.hidden = !isOn
    this.video.classList.toggle("mirrored", this.mirrored)
    document.documentElement.classList.toggle("filming", isOn) // the stage makes room: style.css
  }

  async start() {
    this.said.textContent = ""
    const start = ++this.starting
    if (!window.isSecureContext || !navigator.mediaDevices) return this.say(INSECURE)
    try {
      const video = { facingMode: this.facing, width: { ideal: 640 }, height: { ideal: 480 } }
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false })
      if (start !== this.starting || document.hidden) return stream.getTracks().forEach(track => track.stop())
      this.stream = stream
      filming = this
      stream.getVideoTracks()[0].onended = () => this.fail(ENDED)
      this.video.srcObject = stream
      this.show()
      await this.video.play()
      hand.film(() => this.frame(Math.min(LONGEST, Number(hand.known.get(this.size)) || LONGEST)))
    } catch (error) {
      if (start === this.starting) this.fail(sentence(error)) // otherwise it was stopped before it played
    }
  }

  /** @param {string} why */
  fail(why) {
    this.stop()
    this.say(why)
  }

  stop() {
    this.starting++
    this.stream?.getTracks().forEach(track => track.stop())
    this.stream = null
    if (filming === this) filming = null
    this.video.srcObject = null
    hand.cut()
    this.show()
  }

  turn() {
    this.facing = this.facing === "user" ? "environment" : "user"
    this.mirrored = this.facing === "user" // like a mirror; the rear camera is not mirrored
    this.stop()
    this.start()
  }

  /** @param {boolean} mirrored */
  mirror(mirrored) {
    this.mirrored = mirrored
    this.show()
  }

  freeze() {
    if (!this.draw(LARGEST)) return
    const file = this.canvas.toDataURL("image/png").split(",")[1]
    this.stop()
    this.send(file)
  }

  /**
   * The current frame, its longest side at most `longest` cells; null before the first frame.
   *
   * @param {number} longest
   */
  frame(longest) {
    const context = this.draw(longest)
    return context && context.getImageData(0, 0, this.canvas.width, this.canvas.height)
  }

  /** @param {number} longest */
  draw(longest) {
    const { videoWidth: width, videoHeight: height } = this.video
    if (!width || !height) return null
    const scale = Math.min(1, longest / Math.max(width, height))
    const [columns, rows] = [width, height].map(side => Math.max(1, Math.round(side * scale)))
    Object.assign(this.canvas, { width: columns, height: rows })
    const context = this.canvas.getContext("2d", { willReadFrequently: true })
    if (!context) return null
    if (this.mirrored) context.setTransform(-1, 0, 0, 1, columns, 0)
    context.drawImage(this.video, 0, 0, columns, rows)
    return context
  }

  /** @param {string} text */
  say(text) {
    this.said.textContent = text
  }
}
