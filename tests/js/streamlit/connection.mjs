// A WebSocket without a server, for the scripts that stand between Streamlit and its messages.

class Socket extends EventTarget {
  constructor(url) {
    super()
    this.url = url
  }
}
globalThis.WebSocket = Socket

export const STREAM = "wss://school.example/base/_stcore/stream"

/** A connection, what its listener reads of what it hears, and what has the server say something. */
export function connection(url = STREAM, read = bytes => [...bytes]) {
  const socket = new WebSocket(url)
  const heard = []
  socket.addEventListener("message", message => heard.push(read(new Uint8Array(message.data))))
  return { heard, say: (...messages) => messages.forEach(bytes => {
    socket.dispatchEvent(new MessageEvent("message", { data: new Uint8Array(bytes).buffer }))
  }) }
}
