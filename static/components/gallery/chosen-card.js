// @ts-check
// The chosen cards of a gallery. This component is mounted in the part of the page that shows the
// choice, so that a click runs that part and not the gallery.

import { hand } from "../live/hand.js"
import { chosenAfter } from "./chosen-names.js"
import { gallery } from "./gallery.js"

/** @import { Component } from "../core/component.js" */
/**
 * @typedef {object} Data
 * @property {string} gallery
 * @property {string} key The key of the setting.
 * @property {string[]} chosen
 * @property {boolean} many Whether a click adds a card to the chosen ones.
 * @property {number} most How many can be chosen at most.
 * @property {string[]} strip The cards that a strip always shows; empty for a gallery.
 * @property {{ name: string, title: string } | ""} extra A choice with a button but no card.
 */

/** @param {Component<Data>} component */
export default function ({ data, setTriggerValue }) {
  gallery(data.gallery).follow(data, name => {
    const chosen = chosenAfter(data.chosen, name, data.many)
    if (hand.covers(data.key) && chosen.length <= data.most) hand.move(data.key, chosen.join())
    setTriggerValue("chosen", chosen.join())
  })
}
