// @ts-check
// One binary message: length of the header (uint32, little-endian), header (JSON), planes.

/** @typedef {(offset: number, length?: number) => Uint8Array} Plane */
/**
 * @template Header
 * @typedef {{ header: Header, plane: Plane }} Message
 */

/**
 * Split a message into its header and its planes; `plane(offset, length)` is a Uint8Array.
 *
 * @param {Uint8Array} bytes
 * @returns {Message<any>}
 */
export function unpack(bytes) {
  const { buffer } = bytes.slice() // the view that Streamlit passes is not aligned
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const start = 4 + length
  return { header, plane: (offset, size) => new Uint8Array(buffer, start + offset, size) }
}

/**
 * JSON data that a component receives as bytes.
 *
 * @param {Uint8Array} bytes
 */
export const parse = bytes => JSON.parse(new TextDecoder().decode(bytes))
