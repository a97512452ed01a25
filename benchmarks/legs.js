// Runs in the Lab while legs.py drags: records when a change of the bias passes each point.

window.legs = [] // one per painted change: the ms of the hand, then of each point
let [moved, now] = [0, null]

addEventListener("input", () => { moved = performance.now() }, { capture: true })

const send = WebSocket.prototype.send
WebSocket.prototype.send = function (data) {
  send.call(this, data)
  if (this.url.endsWith("/live") && typeof data === "string" && "set" in JSON.parse(data)) {
    now = { hand: moved, sent: performance.now() }
  }
}
window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where)
    this.addEventListener("message", ({ data }) => {
      if (this.url.endsWith("/live") && typeof data !== "string" && now) now.heard ??= performance.now()
    })
  }
}

document.addEventListener("cnnviz:painted", ({ detail }) => {
  if (!now?.heard || !detail.startsWith("lab")) return
  const change = { ...now, drawn: performance.now() }
  now = null
  requestAnimationFrame(() => window.legs.push({ ...change, seen: performance.now() }))
})
