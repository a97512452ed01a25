// @ts-check
// The sample pictures as a row of thumbnails, and pictures pasted or uploaded anywhere on the page.

import { arrow, find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { hand } from "../live/hand.js"
import { focused, isPicture, shrunk, watchUploads } from "./uploads.js"

/** @import { Component } from "../core/component.js" */
/**
 * @typedef {object} Data
 * @property {string} label
 * @property {{ name: string, title: string, source: string }[]} items
 * @property {string} selected
 * @property {string} own The name of the person's own photo.
 * @property {string} sample The setting of the sample.
 * @property {string} photo The setting that says whether the own photo is chosen.
 * @property {number} limit Bytes; a larger file is shrunk before it is sent.
 * @property {number} longest Pixels a side that the app works with.
 */

const UPLOADER = "[class*=st-key-picker-file]"

const mounts = new Mounts(root => new Thumbnails(find(root, ".picture-thumbnails")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const thumbnails = mounts.of(parentElement)
  thumbnails.choose = name => {
    follow(data, name)
    setTriggerValue("chosen", name)
  }
  thumbnails.paste = text => setTriggerValue("pasted", text)
  thumbnails.refuse = (name, size) => setTriggerValue("refused", { name, size })
  thumbnails.show(data)
  return () => thumbnails.remove()
}

/**
 * Switch the maps to another picture at once, before the page runs.
 *
 * @param {Data} data
 * @param {string} name
 */
function follow({ own, sample, photo }, name) {
  if (!hand.covers(sample)) return
  hand.move(photo, name === own ? "on" : "off")
  if (name !== own) hand.move(sample, name)
}

class Thumbnails {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list
    this.more = makeButton(list.parentNode, "more", "▾", () => this.open(!list.classList.contains("open")), "All pictures")
    this.open(false)
    list.setAttribute("role", "radiogroup")
    list.onkeydown = event => this.key(event)
    /** @type {ReturnType<typeof makeThumbnail>[]} */
    this.thumbnails = []
    this.longest = 0
    /** @type {(name: string) => void} */
    this.choose = () => {}
    /** @type {(picture: string) => void} */
    this.paste = () => {}
    /** @type {(name: string, size: number) => void} */
    this.refuse = () => {}
    /** @type {(() => void) | null} */
    this.unwatch = null
    this.onpaste = (/** @type {ClipboardEvent} */ event) => this.pasted(event)
    document.addEventListener("paste", this.onpaste)
    this.onpress = (/** @type {Event} */ event) => {
      const elsewhere = event.type === "keydown" ? /** @type {KeyboardEvent} */ (event).key === "Escape" : !event.composedPath().includes(list.getRootNode())
      if (elsewhere) this.open(false)
    }
    document.addEventListener("pointerdown", this.onpress)
    document.addEventListener("keydown", this.onpress)
  }

  /**
   * On a narrow bar, all pictures are behind a button; once opened, they stay until the user goes
   * elsewhere.
   *
   * @param {boolean} open
   */
  open(open) {
    this.list.classList.toggle("open", open)
    this.more.setAttribute("aria-expanded", String(open))
  }

  remove() {
    document.removeEventListener("pointerdown", this.onpress)
    document.removeEventListener("keydown", this.onpress)
    document.removeEventListener("paste", this.onpaste)
    this.unwatch?.()
    this.unwatch = null
  }

  /** @param {Data} data */
  show({ label, items, selected, limit, longest }) {
    this.longest = longest
    this.unwatch ??= watchUploads({
      within: UPLOADER, limit, longest, refuse: (name, size) => this.refuse(name, size),
    })
    this.list.setAttribute("aria-label", label)
    while (this.thumbnails.length > items.length) this.thumbnails.pop()?.button.remove()
    while (this.thumbnails.length < items.length) this.thumbnails.push(makeThumbnail(this.list))
    items.forEach(({ name, source, title }, i) => {
      const { button, image } = this.thumbnails[i]
      button.title = title
      button.setAttribute("aria-label", title)
      button.onclick = () => this.choose(name)
      if (image.src !== source) image.src = source
    })
    this.mark(items.findIndex(({ name }) => name === selected))
  }

  /**
   * Mark the thumbnail of the picture. If there is room for only one, the others are hidden and cannot
   * keep the focus, so it moves along, even if a late answer belongs to an earlier key.
   *
   * @param {number} chosen The index of that thumbnail.
   */
  mark(chosen) {
    const root = this.list.getRootNode()
    const isHeld = root instanceof ShadowRoot && this.thumbnails.some(({ button }) => button === root.activeElement)
    this.thumbnails.forEach(({ button }, i) => {
      button.setAttribute("aria-checked", String(i === chosen))
      button.tabIndex = i === chosen ? 0 : -1
    })
    if (isHeld) this.thumbnails[chosen]?.button.focus()
  }

  /**
   * Arrow keys choose the next thumbnail, as in any group of radio buttons.
   *
   * @param {KeyboardEvent} event
   */
  key(event) {
    const towards = arrow(event.key)
    if (!towards) return
    event.preventDefault()
    const buttons = this.thumbnails.map(({ button }) => button)
    const now = buttons.findIndex(button => button.contains(/** @type {Node} */ (event.target)))
    const next = (now + towards[0] + towards[1] + buttons.length) % buttons.length
    this.mark(next)
    buttons[next].click()
  }

  /** @param {ClipboardEvent} event */
  async pasted(event) {
    if (!isPicture(event, focused())) return
    event.preventDefault()
    const items = [...(event.clipboardData?.items ?? [])]
    const file = items.find(item => item.type.startsWith("image/"))?.getAsFile()
    try {
      this.paste(file ? await base64(await shrunk(file, this.longest)) : "")
    } catch {
      this.paste("")
    }
  }
}

/** @param {HTMLElement} list */
function makeThumbnail(list) {
  const button = makeButton(list, "", "", () => {})
  button.setAttribute("role", "radio")
  const image = make("img", "", button)
  image.alt = ""
  return { button, image }
}

/**
 * The bytes of a blob in base64.
 *
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function base64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result).split(",")[1])
    reader.onerror = failed
    reader.readAsDataURL(blob)
  })
}
