// The message with all maps of a board. It shows nothing itself: the slots do.

const version = new URL(import.meta.url).search
const { board } = await import("./board.js" + version)
const { unpack } = await import("./message.js" + version)

export default function ({ data }) {
  const message = unpack(data)
  board(message.header.board).show(message)
}
