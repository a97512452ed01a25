// @ts-check
// An answer of the live channel: header length (uint32, little-endian), header (JSON), then the data of
// each part; cnnviz/ui/server/live/wire.py describes the contents.

/** @typedef {{ n: number, k: number, to: string, last: boolean, parts: number[][] }} Header */
/** @typedef {{ width: number, height: number, data: Uint8ClampedArray }} Frame Red, green, blue and alpha of each cell. */

const SAME = 0, RAW = 1, DEFLATED = 2, HALF = 3, MAPPED = 4
const LEVELS = 256

/**
 * The header and the message of an answer, for a tab that holds the parts of earlier answers.
 *
 * @param {ArrayBuffer} buffer
 * @param {Map<string, Uint8Array[]>} held Earlier parts by place; kept up to date.
 * @returns {Promise<{ header: Header, message: Uint8Array }>}
 */
export async function decode(buffer, held) {
  const length = new DataView(buffer).getUint32(0, true)
  /** @type {Header} */
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const parts = []
  let at = 4 + length
  for (const [kind, size, packed, planes, height, width] of header.parts) {
    if (kind === SAME) {
      parts.push((held.get(header.to) ?? [])[size])
      continue
    }
    const sent = new Uint8Array(buffer, at, kind === MAPPED ? LEVELS : kind === RAW ? size : packed)
    at += sent.length
    if (kind === RAW) parts.push(sent)
    if (kind === MAPPED) parts.push(parts[parts.length - 1].map(level => sent[level]))
    if (kind === DEFLATED) parts.push(await inflated(sent))
    if (kind === HALF) parts.push(doubled(await inflated(sent), planes, height, width))
  }
  held.set(header.to, parts)
  return { header, message: joined(parts) }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/**
 * Planes of which only every other row and column was sent: each cell fills two by two.
 *
 * @param {Uint8Array} half
 * @param {number} planes
 * @param {number} height
 * @param {number} width
 */
export function doubled(half, planes, height, width) {
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  const whole = new Uint8Array(planes * height * width)
  let at = 0
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < height; row++) {
      const from = (plane * rows + (row >> 1)) * columns
      for (let column = 0; column < width; column++) whole[at++] = half[from + (column >> 1)]
    }
  }
  return whole
}

/** @param {Uint8Array[]} parts */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * A request with a camera frame; cnnviz/ui/server/live/requests.py describes the contents.
 *
 * @param {number} n
 * @param {Record<string, string>} set
 * @param {Frame} frame
 */
export function withFrame(n, set, { width, height, data }) {
  const text = new TextEncoder().encode(JSON.stringify(set))
  const at = 10 + text.length
  const bytes = new Uint8Array(at + 3 * width * height)
  const head = new DataView(bytes.buffer)
  head.setUint32(0, n, true)
  head.setUint16(4, height, true)
  head.setUint16(6, width, true)
  head.setUint16(8, text.length, true)
  bytes.set(text, 10)
  for (let from = 0, to = at; to < bytes.length; from++) {
    bytes[to++] = data[from++]
    bytes[to++] = data[from++]
    bytes[to++] = data[from++]
  }
  return bytes.buffer
}
