// @ts-check
// The live channel: one WebSocket beside Streamlit's, which reconnects by itself.

import { socketAddress } from "../core/server.js"
import { decode } from "./wire.js"

/** @import { Header } from "./wire.js" */
/** @typedef {{ n: number, ms: number, error?: string }} End The end of an answer: how long it took, or why there is none. */
/**
 * @typedef {object} Listener
 * @property {(header: Header, message: Uint8Array) => void} heard A part of an answer.
 * @property {(end: End) => void} ended
 * @property {() => void} opened
 * @property {() => void} lost
 * @property {() => boolean} forgotten The server does not know the session, for instance after a restart.
 *   Returns whether a page was there to request a run, which brings a new token; it is called again until one
 *   was.
 */

const SOON = 500, LATEST = 15_000 // ms from a loss to the next attempt, doubled each time
const FAILED = 4000 // close code: this tab could not handle a message
const UNKNOWN = 4404 // close code: the token is no longer valid

export class Channel {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener
    this.token = ""
    /** @type {WebSocket | null} */
    this.socket = null
    this.isOpen = false // the server has let us in
    this.attempts = 0
    this.timer = 0
    addEventListener("online", () => this.connect())
    document.addEventListener("visibilitychange", () => {
      if (this.isOpen) this.say({ hidden: document.hidden })
      else this.connect()
    })
  }

  /**
   * Connect as the session of that token; the connection of another session is dropped.
   *
   * @param {string} token
   */
  enter(token) {
    if (token !== this.token) {
      this.attempts = 0
      this.leave()
    }
    this.token = token
    this.connect()
  }

  leave() {
    const { socket } = this
    if (!socket) return
    this.drop()
    socket.close()
  }

  connect() {
    if (this.socket || !this.token) return
    clearTimeout(this.timer)
    const socket = this.socket = new WebSocket(socketAddress("live"))
    socket.binaryType = "arraybuffer"
    /** @type {Map<string, Uint8Array[]>} */
    const held = new Map()
    let work = Promise.resolve() // unpacking takes time; messages are handled in order
    socket.onopen = () => this.say({ token: this.token })
    socket.onmessage = ({ data }) => {
      work = work.then(() => this.hear(socket, data, held)).catch(error => this.fail(socket, error))
    }
    socket.onclose = ({ code }) => this.close(socket, code)
  }

  /**
   * @param {WebSocket} socket
   * @param {string | ArrayBuffer} data
   * @param {Map<string, Uint8Array[]>} held
   */
  async hear(socket, data, held) {
    if (typeof data !== "string") {
      const { header, message } = await decode(data, held)
      if (socket !== this.socket) return
      this.say({ got: header.k })
      return this.listener.heard(header, message)
    }
    const said = JSON.parse(data)
    if (socket !== this.socket) return
    if (!("k" in said)) return this.listener.ended(said)
    this.isOpen = true
    this.attempts = 0
    this.say({ got: said.k })
    if (document.hidden) this.say({ hidden: true })
    this.listener.opened()
  }

  /**
   * A message could not be handled: start over, as after a lost connection, and ask again.
   *
   * @param {WebSocket} socket
   * @param {unknown} error
   */
  fail(socket, error) {
    reportError(error)
    this.close(socket, FAILED)
    socket.close(FAILED)
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  close(socket, code) {
    if (socket !== this.socket) return
    this.drop()
    if (code === UNKNOWN) this.token = ""
    this.wait(code === UNKNOWN ? () => this.ask() : () => this.connect())
  }

  ask() {
    if (this.listener.forgotten()) this.wait(() => this.ask())
  }

  /** @param {() => void} act What to do in a while, unless another connection is opened first. */
  wait(act) {
    this.timer = window.setTimeout(act, Math.min(LATEST, SOON * 2 ** this.attempts++))
  }

  drop() {
    this.socket = null
    this.isOpen = false
    this.listener.lost()
  }

  /** @param {object} message An ArrayBuffer, or an object to send as JSON. */
  say(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return
    this.socket.send(message instanceof ArrayBuffer ? message : JSON.stringify(message))
  }
}
