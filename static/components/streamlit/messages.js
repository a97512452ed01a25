// @ts-check
// Intercepts the messages of Streamlit's server on their way to Streamlit's own script.

const STREAM = /\/_stcore\/stream$/

/** @typedef {{ start: number, end: number, value: Uint8Array }} Field Its position in a message, and its bytes. */

/**
 * Wrap every listener for Streamlit's messages that is added from now on.
 *
 * @param {(listener: (message: any) => void, line: WebSocket) => (message: any) => void} wrap Returns the listener
 *   that takes its place.
 */
export function hearThrough(wrap) {
  const listen = WebSocket.prototype.addEventListener

  /**
   * @this {WebSocket}
   * @param {string} type
   * @param {EventListenerOrEventListenerObject} listener
   * @param {AddEventListenerOptions | boolean} [options]
   */
  WebSocket.prototype.addEventListener = function (type, listener, options) {
    const isOurs = type === "message" && STREAM.test(this.url) && typeof listener === "function"
    listen.call(this, type, isOurs ? wrap(listener, this) : listener, options)
  }
}

/**
 * The fields of a message in the format of Protocol Buffers, by their numbers.
 *
 * @param {Uint8Array} bytes
 */
export function fields(bytes) {
  let at = 0
  const number = () => {
    let value = 0
    for (let shift = 0; at < bytes.length; shift += 7) {
      value |= (bytes[at] & 127) << shift
      if (bytes[at++] < 128) break
    }
    return value
  }
  /** @type {Map<number, Field>} */
  const found = new Map()
  while (at < bytes.length) {
    const start = at
    const tag = number()
    const length = (tag & 7) === 2 ? number() : 0 // else a number follows
    const from = at
    if (length) at += length
    else if ((tag & 7) === 0) number()
    found.set(tag >> 3, { start, end: at, value: bytes.subarray(from, at) })
  }
  return found
}
