// One binary message: length of the header (uint32, little-endian), header (JSON), planes.

/** Split a message into its header and its planes; `plane(offset, length)` is a Uint8Array. */
export function unpack(bytes) {
  const buffer = bytes.slice().buffer // the view that arrives is not aligned
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const start = 4 + length
  return { header, plane: (offset, size) => new Uint8Array(buffer, start + offset, size) }
}
