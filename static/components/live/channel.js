// The live channel: one WebSocket beside Streamlit's, which heals by itself.

import { decode } from "./wire.js"

const SOON = 500, LATEST = 15_000 // ms from a loss to the next attempt, doubled each time
const UNKNOWN = 4404 // the token is worth nothing any more: the page's next run brings another

/** What stands at BASE/live, where the modules stand at BASE/app/static/. */
function address() {
  const base = new URL(import.meta.url.split("/app/static/")[0] + "/live")
  base.protocol = base.protocol === "https:" ? "wss:" : "ws:"
  return base
}

export class Channel {
  /** `heard(header, message)` gets the parts of an answer, `ended(end)` its end, `lost()` a loss. */
  constructor({ heard, ended, opened, lost }) {
    Object.assign(this, { heard, ended, opened, lost })
    this.token = null
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

  /** Talk as the session of that token. */
  enter(token) {
    if (token === this.token && this.socket) return
    if (token !== this.token) this.attempts = 0
    this.token = token
    this.connect()
  }

  connect() {
    clearTimeout(this.timer)
    if (this.socket || !this.token) return
    const socket = this.socket = new WebSocket(address())
    socket.binaryType = "arraybuffer"
    const held = new Map()
    let work = Promise.resolve() // what is packed takes its time, and comes in its order
    socket.onopen = () => this.say({ token: this.token })
    socket.onmessage = ({ data }) => { work = work.then(() => this.hear(socket, data, held)) }
    socket.onclose = ({ code }) => this.close(socket, code)
  }

  async hear(socket, data, held) {
    if (typeof data !== "string") {
      const { header, message } = await decode(data, held)
      if (socket !== this.socket) return
      this.say({ got: header.k })
      return this.heard(header, message)
    }
    const said = JSON.parse(data)
    if (socket !== this.socket) return
    if (!("k" in said)) return this.ended(said)
    this.isOpen = true
    this.attempts = 0
    this.say({ got: said.k })
    if (document.hidden) this.say({ hidden: true })
    this.opened()
  }

  close(socket, code) {
    if (socket !== this.socket) return
    this.socket = null
    this.isOpen = false
    if (code === UNKNOWN) this.token = null
    else this.timer = setTimeout(() => this.connect(), Math.min(LATEST, SOON * 2 ** this.attempts++))
    this.lost()
  }

  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(message instanceof ArrayBuffer ? message : JSON.stringify(message))
    }
  }
}
