// @ts-check
// Colours as Uint32 in the byte order of ImageData: alpha, blue, green, red.

import { pen } from "./dom.js"

/**
 * @param {number} red
 * @param {number} green
 * @param {number} blue
 */
export const rgb = (red, green, blue) => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0

export const GREYS = Uint32Array.from({ length: 256 }, (_, value) => rgb(value, value, value))

/** @param {number} colour */
const parts = colour => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]

/**
 * Relative luminance, from 0 to 1, as WCAG defines it.
 *
 * @param {number[]} parts Red, green, blue.
 */
const luminance = parts => {
  const [red, green, blue] = parts.map(part => part / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** @param {number} colour */
export const css = colour => `rgb(${parts(colour).join(" ")})`

const EVEN = Math.sqrt(1.05 * 0.05) - 0.05 // at this luminance, black and white read equally well

/**
 * Black or white, whichever reads better on the colour: the contrast is at least 4.58.
 *
 * @param {number} colour
 */
export const onTop = colour => (luminance(parts(colour)) > EVEN ? "#000000" : "#ffffff")

/**
 * A table of 256 × 3 bytes as 256 colours.
 *
 * @param {Uint8Array} bytes
 */
export function palette(bytes) {
  return Uint32Array.from({ length: 256 }, (_, i) => rgb(bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]))
}

/**
 * The first `levels` colours as a CSS gradient from left to right.
 *
 * @param {Uint32Array} colours
 * @param {number} levels
 */
export function gradient(colours, levels, stops = 9) {
  const at = (/** @type {number} */ i) => colours[Math.round((i * (levels - 1)) / (stops - 1))]
  return `linear-gradient(90deg, ${Array.from({ length: stops }, (_, i) => css(at(i))).join(", ")})`
}

let isPrinting = false

/** Paper is white: while a page is printed, nothing is dark. @param {boolean} isPrinted */
export const print = isPrinted => { isPrinting = isPrinted }

export const isOnPaper = () => isPrinting

/** @type {CanvasRenderingContext2D | undefined} */
let probe

/**
 * Whether the background is dark; the theme comes as CSS variables.
 *
 * @param {Element} element
 */
export function isDark(element) {
  if (isPrinting) return false
  probe ??= pen(document.createElement("canvas"))
  probe.fillStyle = getComputedStyle(element).getPropertyValue("--st-background-color").trim()
  const text = String(probe.fillStyle)
  return luminance([1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16))) < EVEN
}

/**
 * The colour as CSS, and black or white to write on it.
 *
 * @param {number} colour
 */
export const ink = colour => ({ background: css(colour), color: onTop(colour) })

/**
 * The level of a signed value, from 0 to 254, in a table that runs from −limit to limit.
 *
 * @param {number} value
 * @param {number} limit
 */
export const signedLevel = (value, limit) => Math.round(127 + 127 * Math.max(-1, Math.min(1, value / limit)))

/** @type {ImageData | undefined} */
let sheet // reused: most maps have the size of the one before

/**
 * Paint levels on a canvas, one pixel per cell.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {readonly [height: number, width: number]} size
 * @param {(out: Uint32Array) => void} fill Writes the colours of all cells.
 */
export function paint(canvas, [height, width], fill) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  if (sheet?.width !== width || sheet.height !== height) sheet = new ImageData(width, height)
  fill(new Uint32Array(sheet.data.buffer))
  pen(canvas).putImageData(sheet, 0, 0)
}

/**
 * A fill function for `paint`: each level in its colour. A page spends most of its time here.
 *
 * @param {Uint8Array} levels
 * @param {Uint32Array} colours
 */
export const coloured = (levels, colours) => (/** @type {Uint32Array} */ out) => {
  for (let i = 0; i < out.length; i++) out[i] = colours[levels[i]]
}
