// @ts-check
// Takes over what is chosen in an overview, where that stands in a part of the page that is drawn
// without the rest: this stands in the rest, which then follows.

/** @import { Component } from "../core/component.js" */

/** @type {Map<string, { owner: ShadowRoot, send: (cell: string) => void }>} */
const receivers = new Map() // by name

/**
 * What takes over choices under that name, if it is on the page.
 *
 * @param {string} name
 */
export const choiceReceiver = name => receivers.get(name)?.send

/** @param {Component<{ name: string }>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  receivers.set(data.name, { owner: parentElement, send: cell => setTriggerValue("chosen", cell) })
  return () => { if (receivers.get(data.name)?.owner === parentElement) receivers.delete(data.name) }
}
