// The message with all maps of a board; the slots draw them. Where the maps belong to a chain,
// the arithmetic under the cursor stands here.

const version = new URL(import.meta.url).search
const { board } = await import("./board.js" + version)
const { unpack } = await import("./message.js" + version)
const { Panel } = await import("./panel.js" + version)
const { Player } = await import("./player.js" + version)

const mounts = new WeakMap()

export default function ({ data, parentElement }) {
  const message = unpack(data)
  const shown = board(message.header.board)
  if (message.header.panel && !mounts.has(parentElement)) mounts.set(parentElement, mount(parentElement, shown))
  const { player, panel } = mounts.get(parentElement) ?? {}
  shown.panel = panel && {
    show: (...reading) => { player.show(...reading); panel.show(...reading) },
    speak: reading => panel.speak(reading),
  }
  shown.show(message)
  return () => {
    player?.pause()
    shown.close()
  }
}

function mount(root, shown) {
  const [bar, sheet] = [root.querySelector(".player"), root.querySelector(".panel")]
  return { player: new Player(bar, shown), panel: new Panel(sheet, shown) }
}
