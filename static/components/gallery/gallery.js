// @ts-check
// Many small maps in groups, from one message; a click, or Enter, chooses one.

import { GREYS, coloured, isDark, paint, palette } from "../core/colour.js"
import { find, make, makeButton, setText } from "../core/dom.js"
import { kernels } from "../core/kernel-thumbnail.js"
import { unpack } from "../core/message.js"
import { countUp, tellPainted } from "../core/painted.js"
import { hand } from "../live/hand.js"

/** @import { Component } from "../core/component.js" */
/** @import { Message } from "../core/message.js" */
/**
 * @typedef {object} Card What the message says about one card.
 * @property {string} name
 * @property {string} title
 * @property {string} group
 * @property {number[][][]} matrices
 * @property {string} figures
 * @property {string} text
 * @property {string} alt
 * @property {number} offset
 * @property {number} height
 * @property {number} width
 * @property {boolean} picture
 */
/** @typedef {{ light: number, dark: number }} Tables */
/** @typedef {{ gallery: string, cards: Card[], table: Tables, kernelTable: Tables }} Header */

const [LEAST, MOST] = [0.75, 3] // width ÷ height of a map; a map beyond these is centred

/** @type {Map<string, Gallery>} */
const galleries = new Map()

/**
 * The gallery of that name; created on first use.
 *
 * @param {string} name
 */
export function gallery(name) {
  const found = galleries.get(name) ?? new Gallery()
  galleries.set(name, found)
  return found
}

/** All galleries that have been shown since the page was loaded; those on the screen have a list. */
export const known = () => [...galleries.values()]

export const isThemed = true

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement }) {
  /** @type {Message<Header>} */
  const message = unpack(data)
  const name = message.header.gallery
  const show = (/** @type {Message<Header>} */ given) => gallery(name).show(given, find(parentElement, ".gallery"))
  const leave = hand.receive(name, parentElement, bytes => show(unpack(bytes)))
  hand.run(name, () => show(message))
  return leave
}

export class Gallery {
  constructor() {
    /** @type {Message<Header> | null} */
    this.message = null
    /** @type {HTMLElement | null} */
    this.list = null
    /** @type {ReturnType<typeof makeCard>[]} */
    this.cards = []
    /** @type {Card[]} */
    this.data = []
    /** @type {{ chosen: string[], strip: string[], extra: { name: string, title: string } | "" }} */
    this.given = { chosen: [], strip: [], extra: "" }
    this.open = false // a strip that shows all its cards
    /** @type {HTMLButtonElement[]} */
    this.buttons = [] // after the cards of a strip: a button for all cards, and one for the choice without a card
    /** @type {(name: string) => void} */
    this.choose = () => {} // sends the name of a card to the server
  }

  /**
   * Mark the chosen cards, and remember the function that sends a new choice.
   *
   * @param {Gallery["given"]} given
   * @param {(name: string) => void} choose
   */
  follow(given, choose) {
    this.given = given
    this.choose = choose
    this.mark()
  }

  /**
   * Show all cards of a strip, or only a few. After a key, the focus goes to the first card that this
   * adds, and then back to the button.
   *
   * @param {boolean} open
   * @param {boolean} byKey
   */
  turn(open, byKey) {
    const before = this.cards.map(({ button }) => button.hidden)
    this.open = open
    this.mark()
    if (!byKey) return
    const first = open ? this.cards.find((_, i) => before[i]) : undefined
    const focused = first?.button ?? this.buttons[0]
    focused.focus()
  }

  mark() {
    const { list, given: { chosen, extra, strip } } = this
    if (!list) return
    list.classList.toggle("strip", strip.length > 0)
    list.classList.toggle("open", this.open)
    this.cards.forEach(({ button }, i) => {
      const { name } = this.data[i]
      button.setAttribute("aria-current", String(chosen.includes(name)))
      button.style.order = strip.includes(name) ? "0" : "1"
      button.hidden = strip.length > 0 && !this.open && !strip.includes(name) && !chosen.includes(name)
    })
    if (!strip.length) return
    if (this.buttons[0]?.parentElement !== list) {
      this.buttons = [
        makeButton(list, "button", "", event => this.turn(!this.open, !event.detail)),
        makeButton(list, "button", "", () => this.given.extra && this.choose(this.given.extra.name)),
      ]
    }
    list.onkeydown = event => { if (event.key === "Escape" && this.open) this.turn(false, true) }
    const [all, other] = this.buttons
    all.textContent = this.open ? "Fewer" : "All kernels"
    all.setAttribute("aria-expanded", String(this.open))
    other.hidden = !extra
    other.textContent = extra ? extra.title : ""
    other.setAttribute("aria-current", String(extra && chosen.includes(extra.name)))
  }

  /**
   * @param {Message<Header>} message
   * @param {HTMLElement} list
   */
  show(message, list) {
    const { header, plane } = message
    const { cards } = header
    this.message = message
    if (list !== this.list) this.cards = [] // another page was shown meanwhile
    this.list = list
    this.data = cards
    while (this.cards.length > cards.length) this.cards.pop()?.button.remove()
    while (this.cards.length < cards.length) this.cards.push(makeCard(list))
    const theme = isDark(list) ? "dark" : "light"
    const table = palette(plane(header.table[theme], 3 * 256))
    cards.forEach((data, i) => {
      const { button, group, name, kernel, canvas, figures, text } = this.cards[i]
      setText(group, data.group === cards[i - 1]?.group ? "" : data.group)
      button.classList.toggle("first", Boolean(group.textContent))
      setText(name, data.title)
      const drawn = JSON.stringify([theme, data.matrices])
      if (drawn !== this.cards[i].drawn) kernel.replaceChildren(...kernels(data, header.kernelTable[theme], plane))
      this.cards[i].drawn = drawn
      setText(figures, data.figures)
      setText(text, data.text)
      button.setAttribute("aria-label", data.alt)
      button.title = `${data.title}: ${data.text} ${data.figures}`
      button.onclick = () => this.choose(data.name)
      const { height, offset, width } = data
      canvas.style.aspectRatio = String(Math.min(MOST, Math.max(LEAST, width / height)))
      paint(canvas, [height, width], coloured(plane(offset, height * width), data.picture ? GREYS : table))
    })
    this.mark()
    countUp(list, "painted")
    countUp(document.documentElement, "cnnvizPainted")
    tellPainted("gallery")
  }
}

/** @param {HTMLElement} parent */
function makeCard(parent) {
  const button = makeButton(parent, "card", "", () => {})
  const group = make("span", "group", button)
  const title = make("span", "title", button)
  const name = make("span", "name", title)
  const kernel = make("span", "weights", title)
  const canvas = make("canvas", "map", button)
  const figures = make("span", "range", button)
  const text = make("span", "text", button)
  return { button, group, name, kernel, canvas, figures, text, drawn: "" } // the kernel that is drawn there
}
