// The message with all maps of a board; the slots draw them. Where the maps belong to a chain,
// the arithmetic under the cursor stands here.

import { board } from "./board.js"
import { hand } from "../live/hand.js"
import { unpack } from "../core/message.js"
import { Panel } from "./panel.js"
import { Player } from "./player.js"

const mounts = new WeakMap()

export default function ({ data, parentElement }) {
  const message = unpack(data)
  const { board: name } = message.header
  const shown = board(name)
  if (message.header.panel && !mounts.has(parentElement)) mounts.set(parentElement, mount(parentElement, shown))
  const { player, panel } = mounts.get(parentElement) ?? {}
  shown.panel = panel && {
    show: (...reading) => { player.show(...reading); panel.show(...reading) },
    speak: reading => panel.speak(reading),
  }
  const leave = hand.receive(name, parentElement, bytes => shown.show(unpack(bytes)))
  hand.run(name, () => shown.show(message))
  return () => {
    leave()
    player?.pause()
    shown.close()
  }
}

function mount(root, shown) {
  const [bar, sheet] = [root.querySelector(".player"), root.querySelector(".panel")]
  return { player: new Player(bar, shown), panel: new Panel(sheet, shown) }
}
