// A WebSocket without a server, for the scripts between Streamlit and its messages.

class Socket extends EventTarget {
  constructor(url) {
    super()
    this.url = url
  }
}
globalThis.WebSocket = Socket

export const STREAM = "wss://school.example/base/_stcore/stream"

/** A connection: what its listener has read, and functions that make the server send messages, and lose the line. */
export function connection(url = STREAM, read = bytes => [...bytes]) {
  const socket = new WebSocket(url)
  const heard = []
  socket.addEventListener("message", message => heard.push(read(new Uint8Array(message.data))))
  const say = (...messages) => messages.forEach(bytes => {
    socket.dispatchEvent(new MessageEvent("message", { data: new Uint8Array(bytes).buffer }))
  })
  return { heard, say, lose: () => socket.dispatchEvent(new Event("close")) }
}
