// @ts-check
// Small pictures, each with the network's answer and the truth; a click or Enter chooses one.

import { GREYS, coloured, paint } from "../core/colour.js"
import { find, make, makeButton } from "../core/dom.js"
import { unpack } from "../core/message.js"
import { Mounts } from "../core/mounts.js"

/** @import { Component } from "../core/component.js" */
/** @import { Message } from "../core/message.js" */
/** @typedef {{ number: number, said: string, truth: string, right: boolean, alt: string, offset: number }} Item */
/** @typedef {{ items: Item[], chosen: number | null, size: [height: number, width: number] }} Header */

/** @type {Mounts<ReturnType<typeof makeCard>[]>} */
const mounts = new Mounts(() => [])

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const cards = mounts.of(parentElement)
  const list = find(parentElement, ".examples")
  /** @type {Message<Header>} */
  const { header, plane } = unpack(data)
  while (cards.length > header.items.length) cards.pop()?.button.remove()
  while (cards.length < header.items.length) cards.push(makeCard(list))
  header.items.forEach((item, i) => {
    const { button, canvas, said, truth } = cards[i]
    said.textContent = item.said
    truth.textContent = item.truth
    button.classList.toggle("right", item.right)
    button.setAttribute("aria-label", item.alt)
    button.setAttribute("aria-current", String(item.number === header.chosen))
    button.onclick = () => setTriggerValue("chosen", item.number)
    paint(canvas, header.size, coloured(plane(item.offset, header.size[0] * header.size[1]), GREYS))
  })
}

/** @param {HTMLElement} list */
function makeCard(list) {
  const button = makeButton(list, "card", "", () => {})
  return { button, canvas: make("canvas", "", button), said: make("span", "said", button), truth: make("span", "truth", button) }
}
