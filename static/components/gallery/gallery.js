// @ts-check
// Many small maps in groups, from one message; a click, or Enter, chooses one.

import { GREYS, coloured, isDark, paint, palette } from "../core/colour.js"
import { find, make, makeButton } from "../core/dom.js"
import { kernels } from "../core/kernel-thumbnail.js"
import { unpack } from "../core/message.js"
import { countUp, tellPainted } from "../core/painted.js"
import { hand } from "../live/hand.js"

/** @import { Component } from "../core/component.js" */
/** @import { Message } from "../core/message.js" */
/**
 * @typedef {object} Card What the message says of one.
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

const [LEAST, MOST] = [0.75, 3] // width ÷ height of a map; what is beyond stands in the middle

/** @type {Map<string, Gallery>} */
const galleries = new Map()

/**
 * The gallery of that name; made when first asked for.
 *
 * @param {string} name
 */
export function gallery(name) {
  const found = galleries.get(name) ?? new Gallery()
  galleries.set(name, found)
  return found
}

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

class Gallery {
  constructor() {
    /** @type {HTMLElement | null} */
    this.list = null
    /** @type {ReturnType<typeof makeCard>[]} */
    this.cards = []
    /** @type {Card[]} */
    this.data = []
    this.chosen = ""
    /** @type {(name: string) => void} */
    this.choose = () => {} // sends the name of a card to the server
  }

  /**
   * Mark the card that is chosen, and remember who is told of another.
   *
   * @param {string} chosen
   * @param {(name: string) => void} choose
   */
  follow(chosen, choose) {
    this.chosen = chosen
    this.choose = choose
    this.mark()
  }

  mark() {
    this.cards.forEach(({ button }, i) =>
      button.setAttribute("aria-current", String(this.data[i].name === this.chosen)))
  }

  /**
   * @param {Message<Header>} message
   * @param {HTMLElement} list
   */
  show({ header, plane }, list) {
    const { cards } = header
    if (list !== this.list) this.cards = [] // another page was shown meanwhile
    this.list = list
    this.data = cards
    while (this.cards.length > cards.length) this.cards.pop()?.button.remove()
    while (this.cards.length < cards.length) this.cards.push(makeCard(list))
    const table = palette(plane(header.table[isDark(list) ? "dark" : "light"], 3 * 256))
    cards.forEach((data, i) => {
      const { button, group, name, kernel, canvas, figures, text } = this.cards[i]
      group.textContent = data.group === cards[i - 1]?.group ? "" : data.group
      button.classList.toggle("first", Boolean(group.textContent))
      name.textContent = data.title
      kernel.replaceChildren(...kernels(data, header.kernelTable.light, plane))
      figures.textContent = data.figures
      text.textContent = data.text
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
  const figures = make("span", "figures", button)
  const text = make("span", "text", button)
  return { button, group, name, kernel, canvas, figures, text }
}
