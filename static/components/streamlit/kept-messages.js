// @ts-check
// If a tab still has a large message, Streamlit sends only its hash: with every request the tab lists
// the large messages that it keeps, and it drops them after a few runs. If another run ends in between,
// as happens all the time while a network learns, a message may be gone by the time its hash arrives:
// the tab then stops in the middle of the answer and shows nothing more. So messages are kept here for
// longer, and a hash is replaced by its message. This script must come before Streamlit's own, which
// opens the connection.

import { fields, hearThrough } from "./messages.js"

const MOST = 2 ** 25 // bytes of all kept messages together
const HASH = 1, METADATA = 2, REF_HASH = 11 // fields of Streamlit's ForwardMsg
const CACHEABLE = 1 // a field of its metadata
const IS_CACHEABLE = [CACHEABLE << 3, 1]

/** @type {Map<string, Uint8Array>} */
const kept = new Map() // by hash, without metadata; the most recently used is last
let size = 0

hearThrough(heardWhole)

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

/**
 * A listener that replaces hashes by the messages they stand for, and passes these to another
 * listener.
 *
 * After a restart of the server, the tab still lists messages that it keeps from before, and the server sends
 * hashes for these, too. So messages are kept from one connection to the next.
 *
 * @param {(message: any) => void} listener
 */
function heardWhole(listener) {
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
