// @ts-check
// A figure as a file: SVG as it is, or PNG at twice the resolution.

import { pen } from "../core/dom.js"

const DENSE = 2
const MOST_PIXELS = 40e6 // beyond this, browsers produce no picture
const MOST_SIDE = 16000

/**
 * Draw a figure as PNG at twice its size, less if it is very large.
 *
 * @param {{ svg: string, width: number, height: number }} figure
 * @returns {Promise<Blob>}
 */
export async function png({ height, svg, width }) {
  const dense = Math.min(DENSE, MOST_SIDE / height, Math.sqrt(MOST_PIXELS / (width * height)))
  const image = new Image()
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }))
  try {
    image.src = address
    await image.decode()
    const canvas = document.createElement("canvas")
    canvas.width = Math.round(width * dense)
    canvas.height = Math.round(height * dense)
    pen(canvas).drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((done, fail) =>
      canvas.toBlob(blob => (blob ? done(blob) : fail(new Error("The browser could not make a picture."))), "image/png"))
  } finally {
    URL.revokeObjectURL(address)
  }
}

/**
 * Have the browser save a file.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = document.createElement("a")
  const address = URL.createObjectURL(blob)
  Object.assign(link, { href: address, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
