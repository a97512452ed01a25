// @ts-check
// Which card of a gallery is chosen. It stands in the part of the page that shows what is chosen, so
// that a click runs that part and not the gallery.

import { gallery } from "./gallery.js"

/** @import { Component } from "../core/component.js" */

/** @param {Component<{ gallery: string, chosen: string }>} component */
export default function ({ data, setTriggerValue }) {
  gallery(data.gallery).follow(data.chosen, name => setTriggerValue("chosen", name))
}
