// Many small maps in groups, from one message; a click, or Enter, chooses one.

import { isDark, palette, rgb } from "../core/colour.js"
import { kernels } from "../core/kernel-thumbnail.js"
import { unpack } from "../core/message.js"

const GREYS = Uint32Array.from({ length: 256 }, (_, value) => rgb(value, value, value))

const [LEAST, MOST] = [0.75, 3] // width ÷ height of a map; what is beyond stands in the middle

const galleries = new Map()

/** The gallery of that name; made when first asked for. */
export function gallery(name) {
  if (!galleries.has(name)) galleries.set(name, new Gallery())
  return galleries.get(name)
}

export default function ({ data, parentElement }) {
  const message = unpack(data)
  gallery(message.header.gallery).show(message, parentElement.querySelector(".gallery"))
}

const make = (tag, name, parent) => {
  const element = parent.appendChild(document.createElement(tag))
  element.className = name
  return element
}

class Gallery {
  constructor() {
    this.list = null
    this.cards = []
    this.chosen = ""
    this.choose = () => {} // sends the name of a card to the server
  }

  /** Mark the card that is chosen, and remember who is told of another. */
  follow(chosen, choose) {
    this.chosen = chosen
    this.choose = choose
    this.mark()
  }

  mark() {
    this.cards.forEach(({ button, data }) => button.setAttribute("aria-current", data.name === this.chosen))
  }

  show({ header, plane }, list) {
    const { cards, target } = header
    if (list !== this.list) this.cards = [] // another page was shown meanwhile
    this.list = list
    while (this.cards.length > cards.length) this.cards.pop().button.remove()
    while (this.cards.length < cards.length) this.cards.push(card(this.list))
    const table = palette(plane(header.table[isDark(this.list) ? "dark" : "light"], 3 * 256))
    cards.forEach((data, i) => {
      const { button, group, name, kernel, canvas, figures, text } = this.cards[i]
      this.cards[i].data = data
      group.textContent = data.group === cards[i - 1]?.group ? "" : data.group
      button.classList.toggle("first", Boolean(group.textContent))
      name.textContent = data.title
      kernel.replaceChildren(...kernels(data, header, plane))
      figures.textContent = data.figures
      text.textContent = data.text
      button.setAttribute("aria-label", data.alt)
      button.onclick = () => {
        this.choose(data.name)
        document.querySelector(`.st-key-${target}`)?.scrollIntoView({ behavior: "smooth" })
      }
      paint(canvas, data, plane(data.offset, data.height * data.width), data.picture ? GREYS : table)
    })
    this.mark()
    // For tests and measurements: how often the gallery was painted.
    this.list.dataset.painted = Number(this.list.dataset.painted ?? 0) + 1
    document.dispatchEvent(new CustomEvent("cnnviz:painted", { detail: "gallery" }))
  }
}

function card(parent) {
  const button = make("button", "card", parent)
  button.type = "button"
  const group = make("span", "group", button)
  const title = make("span", "title", button)
  const name = make("span", "name", title)
  const kernel = make("span", "weights", title)
  const canvas = make("canvas", "map", button)
  const figures = make("span", "figures", button)
  const text = make("span", "text", button)
  return { button, group, name, kernel, canvas, figures, text }
}

function paint(canvas, { height, width }, bytes, colours) {
  canvas.width = width
  canvas.height = height
  canvas.style.aspectRatio = Math.min(MOST, Math.max(LEAST, width / height))
  const context = canvas.getContext("2d")
  const image = context.createImageData(width, height)
  const out = new Uint32Array(image.data.buffer)
  for (let i = 0; i < out.length; i++) out[i] = colours[bytes[i]]
  context.putImageData(image, 0, 0)
}
