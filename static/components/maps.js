// The message with all maps of a board; the slots draw them. Where the maps belong to a chain,
// the arithmetic under the cursor stands here.

const version = new URL(import.meta.url).search
const { board } = await import("./board.js" + version)
const { unpack } = await import("./message.js" + version)
const { Panel } = await import("./panel.js" + version)
const { Player } = await import("./player.js" + version)

const REST = 400 // ms without a change before the server hears of a pin

const mounts = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const message = unpack(data)
  if (!mounts.has(parentElement)) mounts.set(parentElement, mount(parentElement, message))
  const { shown } = mounts.get(parentElement)
  let timer = 0
  shown.tell = pin => {
    clearTimeout(timer)
    timer = setTimeout(() => setStateValue("pin", pin), REST)
  }
  shown.show(message)
  return () => {
    mounts.get(parentElement).player?.pause()
    shown.close()
  }
}

function mount(root, { header }) {
  const shown = board(header.board)
  if (!header.input) return { shown }
  const [bar, sheet] = [root.querySelector(".player"), root.querySelector(".panel")]
  const [player, panel] = [new Player(bar, shown), new Panel(sheet, shown)]
  shown.panel = {
    show: (...reading) => { player.show(...reading); panel.show(...reading) },
    speak: reading => panel.speak(reading),
    pause: () => player.pause(),
  }
  return { shown, player }
}
