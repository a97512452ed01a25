// @ts-check
// An overview on paper. A single canvas would be cut wherever a page ends, so each row of maps is
// printed as a picture of its own; the first row of a layer stays together with the line above it.

import { make, pen } from "../core/dom.js"

/** @import { Canvas } from "./drawing.js" */
/** @import { Place } from "./layout.js" */

const EDGE = 1 // CSS pixels: the line around a map

/**
 * Show rows of maps instead of the sheet while the page is printed. Returns a function that stops it.
 *
 * @param {HTMLElement} root
 * @param {() => { canvas: Canvas, places: Place[], heads: ({ head: HTMLElement } | null)[] }} read
 */
export function onPaper(root, read) {
  const paper = make("div", "paper", root)
  const lay = () => {
    const { canvas, places, heads } = read()
    places.forEach((place, i) => rows(place).forEach(([y, height], row) => {
      const figure = make("figure", row ? "" : "first", paper)
      const head = row ? null : heads[i]?.head
      if (head) figure.append(...[...head.children].map(part => part.cloneNode(true)))
      figure.append(slice(canvas, y, height))
    }))
  }
  const clear = () => paper.replaceChildren()
  window.addEventListener("beforeprint", lay)
  window.addEventListener("afterprint", clear)
  return () => {
    window.removeEventListener("beforeprint", lay)
    window.removeEventListener("afterprint", clear)
  }
}

/**
 * Where the rows of a layer begin, and how high they are.
 *
 * @param {Place} place
 * @returns {[y: number, height: number][]}
 */
function rows({ box, columns, count, h, height, kind, y }) {
  if (kind === "none") return []
  if (kind !== "maps") return [[y, height]]
  return Array.from({ length: Math.ceil(count / columns) }, (_, row) => [box(row * columns)[1], h])
}

/**
 * @param {Canvas} canvas
 * @param {number} y
 * @param {number} height
 */
function slice({ element, ratio }, y, height) {
  const part = document.createElement("canvas")
  part.width = element.width
  part.height = Math.round((height + 2 * EDGE) * ratio)
  pen(part).drawImage(element, 0, Math.round((EDGE - y) * ratio))
  return part
}
