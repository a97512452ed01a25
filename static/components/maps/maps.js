// @ts-check
// The message with all maps of a board; the slots draw them. If the maps belong to a chain, the
// arithmetic of the cell under the cursor is shown here.

import { find, makeButton } from "../core/dom.js"
import { unpack } from "../core/message.js"
import { endFilm, isFirst } from "../core/visits.js"
import { hand } from "../live/hand.js"
import { board } from "./boards.js"
import { Panel } from "./panel.js"
import { Player } from "./player.js"

/** @import { Component } from "../core/component.js" */
/** @import { Message } from "../core/message.js" */
/** @import { Board } from "./board.js" */
/** @import { Header } from "./header.js" */

const FILMED = "lab" // the board that a first visit begins with
const CURTAIN = 500 // ms until the window begins to move
const TOUCHES = ["pointerdown", "keydown", "wheel"]

/** @typedef {{ player: Player, panel: Panel, endFilm: () => void }} Mounted */
/** @type {WeakMap<ShadowRoot, Mounted>} */
const mounts = new WeakMap()

export const isThemed = true

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement }) {
  /** @type {Message<Header>} */
  const message = unpack(data)
  const name = message.header.board
  const shown = board(name)
  if (message.header.panel && !mounts.has(parentElement)) mounts.set(parentElement, mount(parentElement, shown))
  const mounted = mounts.get(parentElement)
  if (mounted) {
    const { player, panel } = mounted
    shown.panel = {
      show(reading, cursor, pinned) {
        player.show(reading, cursor, pinned)
        panel.show(reading, cursor)
      },
      speak: reading => panel.speak(reading),
      cover: covered => find(parentElement, ".sheet").classList.toggle("covered", covered),
    }
    shown.hideCovered()
  } else shown.panel = null
  if (mounted && name === FILMED) film(mounted)
  const leave = hand.receive(name, parentElement, (bytes, overtaken) => shown.show(unpack(bytes), overtaken))
  hand.run(name, () => shown.show(message))
  return () => {
    leave()
    mounted?.endFilm()
    mounted?.player.pause()
    shown.close()
  }
}

/**
 * On a first visit the window goes once over the picture, until the user takes over.
 *
 * @param {Mounted} mounted
 */
function film(mounted) {
  if (!isFirst("film")) return
  const { player } = mounted
  const stop = mounted.endFilm = () => {
    mounted.endFilm = () => {}
    clearTimeout(begin)
    TOUCHES.forEach(kind => document.removeEventListener(kind, stop, true))
    player.skip()
    endFilm()
  }
  const begin = setTimeout(() => player.glide(endFilm), CURTAIN)
  TOUCHES.forEach(kind => document.addEventListener(kind, stop, true))
}

/**
 * @param {ShadowRoot} root
 * @param {Board} shown
 */
function mount(root, shown) {
  const sheet = find(root, ".sheet")
  shown.raise = risen => {
    sheet.classList.toggle("risen", risen)
    root.host.toggleAttribute("data-risen", risen) // so that the end of the page can scroll above the sheet
  }
  makeButton(sheet, "lower", "✕", () => shown.raise(false), "Put the arithmetic back")
  return { player: new Player(find(root, ".player"), shown), panel: new Panel(find(root, ".panel"), shown), endFilm() {} }
}
