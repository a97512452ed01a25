// A stand-in for the connection of a tab to its class; the tests speak as the server.

/** Stands in for a WebSocket; `Line.last` is the one that was made last. */
export class Line {
  static OPEN = 1
  readyState = Line.OPEN
  /** @type {object[]} */
  said = []

  constructor() { Line.last = this }

  send(text) { this.said.push(JSON.parse(text)) }

  close() {}

  /** Let messages of the server arrive. */
  async bring(...messages) {
    for (const message of messages) {
      this.onmessage({ data: JSON.stringify(message) })
      await new Promise(done => setImmediate(done))
    }
  }

  /** Lose the line; the tab then tries again. */
  lose(code = 1006) {
    this.readyState = 3
    this.onclose({ code })
  }
}
