// @ts-check
// Streamlit sends what a tab still has by its name only: with every request the tab says which
// large messages it keeps, and it drops them after a few runs. If another run ends meanwhile, as
// one does every moment while a network learns, a message may be gone when its name comes: the
// tab then breaks off in the middle of the answer, and shows nothing more. So they are kept here
// for longer, and a name is replaced by the message that it stands for. This has to stand in the
// page before Streamlit's own script, which opens the connection.

"use strict" // what a block names stays in it
{
  const MOST = 2 ** 25 // bytes of all kept messages together
  const STREAM = /\/_stcore\/stream$/
  const HASH = 1, METADATA = 2, REF_HASH = 11 // fields of Streamlit's ForwardMsg
  const CACHEABLE = 1 // a field of its metadata
  const IS_CACHEABLE = [CACHEABLE << 3, 1]

  const listen = WebSocket.prototype.addEventListener

  /**
   * Who listens for messages hears whole ones.
   *
   * @this {WebSocket}
   * @param {string} type
   * @param {EventListenerOrEventListenerObject} listener
   * @param {AddEventListenerOptions | boolean} [options]
   */
  WebSocket.prototype.addEventListener = function (type, listener, options) {
    const isOurs = type === "message" && STREAM.test(this.url) && typeof listener === "function"
    listen.call(this, type, isOurs ? heardWhole(listener) : listener, options)
  }

  /**
   * A listener that replaces names of messages by the messages, for another.
   *
   * @param {(message: any) => void} listener
   */
  function heardWhole(listener) {
    /** @type {Map<string, Uint8Array>} */
    const kept = new Map() // by hash, without metadata; the one last used comes last
    let size = 0

    /** @param {string} name */
    function drop(name) {
      size -= kept.get(name)?.length ?? 0
      kept.delete(name)
    }

    /**
     * @param {string} name
     * @param {Uint8Array} bytes
     */
    function keep(name, bytes) {
      drop(name)
      kept.set(name, bytes)
      size += bytes.length
      for (const [oldest] of kept) if (size > MOST) drop(oldest)
    }

    return (/** @type {any} */ message) => {
      const bytes = new Uint8Array(message.data)
      const found = fields(bytes)
      const metadata = found.get(METADATA)?.value ?? new Uint8Array()
      const name = String(found.get(HASH)?.value)
      const meant = String(found.get(REF_HASH)?.value)
      const body = kept.get(meant)
      if (body) {
        keep(meant, body)
        const told = [...metadata, ...IS_CACHEABLE] // so that Streamlit keeps it, too
        const data = joined(body, [METADATA << 3 | 2, ...varint(told.length), ...told]).buffer
        return listener(new MessageEvent("message", { data }))
      }
      if (found.has(HASH) && fields(metadata).get(CACHEABLE)) {
        const { start = 0, end = 0 } = found.get(METADATA) ?? {}
        keep(name, joined(bytes.subarray(0, start), bytes.subarray(end)))
      }
      return listener(message)
    }
  }

  /**
   * The fields of a message by their number: where each starts and ends, and its bytes.
   *
   * @param {Uint8Array} bytes
   */
  function fields(bytes) {
    let at = 0
    const number = () => {
      let value = 0
      for (let shift = 0; at < bytes.length; shift += 7) {
        value |= (bytes[at] & 127) << shift
        if (bytes[at++] < 128) break
      }
      return value
    }
    /** @type {Map<number, { start: number, end: number, value: Uint8Array }>} */
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

  /** @param {number} value */
  function varint(value) {
    const bytes = []
    for (; value > 127; value >>>= 7) bytes.push(value & 127 | 128)
    return [...bytes, value]
  }

  /** @param {(Uint8Array | number[])[]} parts */
  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
}
