// Runs in the pages that camera.py measures: counts the frames sent up the live channel, and the
// complete answers that came back. The next frame is sent after the previous one is painted.

window.film = { frames: 0, answers: 0, up: 0, down: 0, messages: 0, painted: [] }

window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where)
    if (!this.url.endsWith("/live")) return
    this.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") {
        film.down += data.byteLength
        film.messages += 1
      } else if ("ms" in JSON.parse(data)) {
        film.answers += 1
        requestAnimationFrame(() => film.painted.push(performance.now()))
      }
    })
  }

  send(data) {
    if (data instanceof ArrayBuffer) {
      film.frames += 1
      film.up += data.byteLength
    }
    super.send(data)
  }
}

document.addEventListener("cnnviz:painted", () => { window.firstMaps ??= performance.now() })
