// @ts-check
// A part of the page that can be drawn again without the controls around it. It mounts this last,
// so that all it draws has come when its `turn` comes.

/** @import { Component } from "../core/component.js" */

/**
 * @typedef {object} Fragment
 * @property {string[]} keys Of the settings that it follows from.
 * @property {number} turn The last one answered.
 * @property {(state: object) => void} move Has it drawn with a new value of a setting.
 */

/** @type {Map<ShadowRoot, Fragment>} */
const fragments = new Map()

/**
 * The part of the page that can be asked for alone when that setting moves.
 *
 * @param {string} key
 */
export const mover = key => [...fragments.values()].find(({ keys }) => keys.includes(key)) ?? null

/** @param {Component<{ keys: string[], turn: number }>} component */
export default function ({ data, parentElement, setStateValue }) {
  const fragment = fragments.get(parentElement)
  const move = (/** @type {object} */ state) => setStateValue("move", state)
  // Who has asked for it holds the same object, and sees its new turn.
  fragments.set(parentElement, Object.assign(fragment ?? {}, { ...data, move }))
  document.dispatchEvent(new CustomEvent("cnnviz:answered"))
  return () => { fragments.delete(parentElement) }
}
