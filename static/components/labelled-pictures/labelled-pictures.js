// @ts-check
// Small pictures of the user's own classes; where they can be removed, a click removes one.

import { paint, rgb } from "../core/colour.js"
import { find, make, makeButton } from "../core/dom.js"
import { unpack } from "../core/message.js"
import { countUp } from "../core/painted.js"

/** @import { Component } from "../core/component.js" */
/** @import { Message } from "../core/message.js" */
/** @typedef {{ number: number, name: string, offset: number }} Item */
/** @typedef {{ items: Item[], side: number, removable: boolean }} Header */

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const list = find(parentElement, ".labelled-pictures")
  /** @type {Message<Header>} */
  const { header: { items, side, removable }, plane } = unpack(data)
  list.replaceChildren(...items.map(({ name, number, offset }) => {
    const levels = plane(offset, 3 * side * side)
    const canvas = document.createElement("canvas")
    paint(canvas, [side, side], out => {
      const size = side * side
      for (let i = 0; i < size; i++) out[i] = rgb(levels[i], levels[size + i], levels[2 * size + i])
    })
    const frame = removable ? makeButton(list, "", "", () => setTriggerValue("removed", number)) : make("span")
    frame.append(canvas)
    if (removable) frame.setAttribute("aria-label", `Remove this picture of ${name}`)
    else frame.title = name
    return frame
  }))
  countUp(list, "shown")
}
