// @ts-check
// The teacher's screen as the class sees it: the components that show something, mounted as Streamlit
// mounts them, in the order of the page. Controls stay with the teacher: cnnviz/ui/server/rooms/recording.py
// lists what is sent.

import { make } from "../core/dom.js"
import { load } from "../core/load.js"
import { parse } from "../core/message.js"
import { hand } from "../live/hand.js"
import { board } from "../maps/boards.js"
import { beLed } from "../maps/pin-link.js"
import { written } from "./markdown.js"

/** @import { Component, Mount } from "../core/component.js" */
/** @import { Cell, Item, Screen as Shown, Step } from "./steps.js" */

// Components whose cells are the teacher's buttons, not for pointing.
const INERT = new Set(["gallery/gallery", "kernel-cells/kernel-cells", "confusion/confusion"])
const MOUNT = "mount:", LIVE = "live:"

/** @typedef {{ host: HTMLElement, root: ShadowRoot, mount: Mount, json: boolean, end: (() => void) | void }} Mounted */

export class Screen {
  /** @param {HTMLElement} main */
  constructor(main) {
    this.head = make("header", "head", main)
    const stage = make("div", "st-key-stage", main)
    const place = (/** @type {string} */ name) => make("div", name, make("div", "", stage))
    this.places = { maps: place("st-key-stage-maps"), bench: place("st-key-stage-bench"), "": make("div", "below", main), head: null }
    /** @type {Map<string, Mounted>} */
    this.mounts = new Map()
    /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
    this.data = new Map()
    /** @type {Shown | null} */
    this.shown = null
    /** @type {Cell | null} */
    this.cell = null // the teacher's cell, as last received
    beLed()
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.again())
  }

  /**
   * Paint what a step brings.
   *
   * @param {Step} step
   */
  async take({ cell = this.cell, gone = [], put, screen }) {
    const isNews = cell !== this.cell || (cell && !board(cell.board).message) // the cell may arrive before its maps
    this.cell = cell
    for (const name of gone) this.data.delete(name)
    for (const [name, bytes] of put) if (name.startsWith(MOUNT)) this.data.set(name, bytes)
    if (screen) await this.lay(screen)
    for (const [name, bytes] of put) {
      if (name.startsWith(MOUNT)) this.show(name.slice(MOUNT.length))
      if (name.startsWith(LIVE)) hand.receivers.get(name.slice(LIVE.length))?.take(bytes, false)
    }
    if (isNews) this.point(cell)
  }

  /**
   * Give every part of the page its place; what was there before stays as it is.
   *
   * @param {Shown} screen
   */
  async lay(screen) {
    this.shown = screen
    const items = screen.items.filter(({ region }) => region !== "head")
    const before = this.mounts
    this.mounts = new Map()
    this.head.replaceChildren(make("h1", "", null, screen.title), make("p", "", null, screen.subtitle))
    /** @type {Map<HTMLElement, HTMLElement[]>} */
    const parts = new Map()
    for (const [i, item] of items.entries()) {
      const place = this.places[item.region]
      if (!place || (item.kind === "stage" && isAlone(item, items[i + 1]))) continue
      const part = item.kind === "component" ? await this.part(item, before) : written(item)
      parts.set(place, [...(parts.get(place) ?? []), part])
    }
    for (const { end, host } of before.values()) {
      host.remove()
      end?.()
    }
    for (const place of Object.values(this.places)) if (place) arrange(place, parts.get(place) ?? [])
    for (const name of this.mounts.keys()) this.show(name)
  }

  /**
   * The element in which a component is mounted: the existing one, or a new one.
   *
   * @param {Extract<Item, { kind: "component" }>} item
   * @param {Map<string, Mounted>} before
   */
  async part({ html, json, key, module }, before) {
    const name = `${key} ${module}`
    const found = before.get(key)
    if (found?.host.dataset.name === name) {
      before.delete(key)
      this.mounts.set(key, { ...found, json })
      return found.host
    }
    const host = make("div", `part st-key-${key.replace(/[^\w-]/g, "-")}`)
    host.dataset.name = name
    host.inert = INERT.has(module)
    const root = host.attachShadow({ mode: "open" })
    root.innerHTML = html // our own, as cnnviz/ui/widgets/component.py registers it
    this.mounts.set(key, { host, root, json, mount: await load(module, true), end: undefined })
    return host
  }

  /** @param {string} key */
  show(key) {
    const mounted = this.mounts.get(key)
    const bytes = this.data.get(MOUNT + key)
    if (!mounted || !bytes) return
    /** @type {Component<any>} */
    const component = {
      data: mounted.json ? parse(bytes) : bytes, parentElement: mounted.root, setStateValue() {}, setTriggerValue() {},
    }
    mounted.end = mounted.mount(component)
  }

  /** Repaint everything: the theme has changed. */
  again() {
    for (const key of this.mounts.keys()) this.show(key)
  }

  /** @param {Cell | null} cell */
  point(cell) {
    if (!cell) return
    const { board: name, pinned, ...cursor } = cell
    const shown = board(name)
    shown.kept = null
    shown.point(cursor)
    if (pinned) shown.kept = shown.cursor
    shown.draw()
  }
}

/**
 * Whether a heading has only controls below it, which stay with the teacher.
 *
 * @param {Item} item
 * @param {Item | undefined} next
 */
const isAlone = (item, next) => next?.kind !== "component" || next.region !== item.region || next.module === "maps/maps"

/**
 * Put the parts into a place in order, moving as few as possible: a moved part is redrawn.
 *
 * @param {HTMLElement} place
 * @param {HTMLElement[]} parts
 */
function arrange(place, parts) {
  parts.forEach((part, i) => { if (place.children[i] !== part) place.insertBefore(part, place.children[i] ?? null) })
  while (place.children.length > parts.length) place.lastElementChild?.remove()
}
