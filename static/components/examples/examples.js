// Small pictures with what was said of them; a click, or Enter, chooses one.

import { rgb } from "../core/colour.js"
import { unpack } from "../core/message.js"

const mounts = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, { cards: [] })
  const { cards } = mounts.get(parentElement)
  const list = parentElement.querySelector(".examples")
  const { header, plane } = unpack(data)
  while (cards.length > header.items.length) cards.pop().button.remove()
  while (cards.length < header.items.length) cards.push(card(list))
  header.items.forEach((item, i) => {
    const { button, canvas, said, truth } = cards[i]
    said.textContent = item.said
    truth.textContent = item.truth
    button.classList.toggle("right", item.right)
    button.setAttribute("aria-label", item.alt)
    button.setAttribute("aria-current", item.number === header.chosen)
    button.onclick = () => setTriggerValue("chosen", item.number)
    paint(canvas, header.size, plane(item.offset, header.size[0] * header.size[1]))
  })
}

function card(list) {
  const button = list.appendChild(document.createElement("button"))
  button.type = "button"
  const canvas = button.appendChild(document.createElement("canvas"))
  const [said, truth] = ["said", "truth"].map(name => {
    const line = button.appendChild(document.createElement("span"))
    line.className = name
    return line
  })
  return { button, canvas, said, truth }
}

function paint(canvas, [height, width], bytes) {
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext("2d")
  const image = context.createImageData(width, height)
  const out = new Uint32Array(image.data.buffer)
  for (let i = 0; i < out.length; i++) out[i] = rgb(bytes[i], bytes[i], bytes[i])
  context.putImageData(image, 0, 0)
}
