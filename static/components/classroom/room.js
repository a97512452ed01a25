// @ts-check
// The connection to a room: one WebSocket, which reconnects automatically. Its messages are described in
// cnnviz/ui/server/rooms/protocol.py.

import { socketAddress } from "../core/server.js"
import { Steps } from "./steps.js"

/** @import { Step } from "./steps.js" */
/** @typedef {Record<string, any>} Said A JSON message, as the protocol defines it. */
/**
 * @typedef {object} Listener
 * @property {(said: Said) => void} heard
 * @property {(step: Step) => Promise<void>} [stepped]
 * @property {(isOpen: boolean) => void} lined The connection is up, or lost.
 * @property {(sentence: string, isFull: boolean) => void} over It is over for good, or full.
 */

export const LOST = "Connection lost. Trying again …"
const WAITS = [0, 500, 1000, 2000] // ms before each attempt; the last value repeats
/** @type {Record<number, string>} */
const OVER = {
  4403: "This link does not lead the class.",
  4404: "There is no class with this code, or it is over. Check the letters on the screen in front.",
  4410: "The class is over.",
  4411: "The class is over: it was closed, or the server was restarted. A new class has a new code.",
  4429: "This class is full. You can join once someone has left.",
}
const FULL = 4429

export class Room {
  /**
   * @param {() => Said} hello The first message.
   * @param {Listener} listener
   */
  constructor(hello, listener) {
    this.hello = hello
    this.listener = listener
    /** @type {WebSocket | null} */
    this.socket = null
    this.attempts = 0
    this.timer = 0
    this.isOver = false
    this.wake = () => this.connect()
    this.hide = () => {
      this.say({ hidden: document.hidden })
      this.connect()
    }
    addEventListener("online", this.wake)
    document.addEventListener("visibilitychange", this.hide)
    this.connect()
  }

  connect() {
    clearTimeout(this.timer)
    if (this.socket || this.isOver) return
    const socket = this.socket = new WebSocket(socketAddress("room"))
    socket.binaryType = "arraybuffer"
    const steps = new Steps()
    let work = Promise.resolve() // unpacking takes time; messages are handled in order
    socket.onopen = () => socket.send(JSON.stringify(this.hello()))
    socket.onmessage = ({ data }) => { work = work.then(() => this.hear(socket, steps, data)).catch(() => socket.close()) }
    socket.onclose = ({ code }) => this.close(socket, code)
  }

  /**
   * @param {WebSocket} socket
   * @param {Steps} steps
   * @param {string | ArrayBuffer} data
   */
  async hear(socket, steps, data) {
    if (typeof data !== "string") {
      const step = await steps.read(data)
      if (socket !== this.socket) return
      await this.listener.stepped?.(step)
      this.attempts = 0
      // By then the step is painted, unless the tab is hidden and gets no frames.
      const told = () => { if (socket === this.socket) this.say({ got: step.step }) }
      if (document.hidden) told()
      else requestAnimationFrame(told)
      return
    }
    const said = JSON.parse(data)
    if (socket !== this.socket) return
    if ("welcome" in said) {
      this.listener.lined(true)
      if (document.hidden) this.say({ hidden: true })
    }
    if ("ended" in said) return this.end(said.ended)
    this.listener.heard(said)
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  close(socket, code) {
    if (socket !== this.socket) return
    this.socket = null
    if (code in OVER) return this.end(OVER[code], code === FULL)
    this.listener.lined(false)
    const wait = WAITS[Math.min(this.attempts++, WAITS.length - 1)]
    this.timer = window.setTimeout(() => this.connect(), wait)
  }

  /**
   * @param {string} sentence
   * @param {boolean} [isFull]
   */
  end(sentence, isFull = false) {
    if (this.isOver) return
    this.leave()
    this.listener.over(sentence, isFull)
  }

  leave() {
    this.isOver = true
    clearTimeout(this.timer)
    removeEventListener("online", this.wake)
    document.removeEventListener("visibilitychange", this.hide)
    const { socket } = this
    this.socket = null
    socket?.close()
  }

  /** Send a message; returns whether the connection was open. @param {Said} message */
  say(message) {
    const { socket } = this
    if (socket?.readyState !== WebSocket.OPEN) return false
    socket.send(JSON.stringify(message))
    return true
  }
}
