// @ts-check
// The maps of an overview as small canvases, in colours, in grey, or three planes as one picture.

import { GREYS, coloured, paint, palette, rgb } from "../core/colour.js"

/** @import { Plane } from "../core/message.js" */
/** @import { Header, LayerRow } from "./layer-row.js" */
/** @typedef {{ maps: HTMLCanvasElement[], colours: Uint32Array, levels: Uint8Array }} Thumbnails */

/**
 * One small canvas for each map of a layer; its cells in colours. Vectors are drawn directly.
 * The canvases of `before` are painted over: creating hundreds costs more than painting them.
 *
 * @param {LayerRow} layer
 * @param {Plane} plane
 * @param {Uint32Array} colours
 * @param {Thumbnails} [before]
 * @returns {Thumbnails}
 */
export function thumbnails({ drawn: count, size: [height, width], offset, vector }, plane, colours, before) {
  const size = height * width
  const levels = plane(offset, count * size)
  const maps = Array.from({ length: vector ? 0 : count }, (_, channel) => {
    const canvas = before?.maps[channel] ?? document.createElement("canvas")
    paint(canvas, [height, width], coloured(levels.subarray(channel * size, (channel + 1) * size), colours))
    return canvas
  })
  return { maps, colours, levels }
}

/**
 * The colours of a layer's levels in a theme.
 *
 * @param {Pick<Header, "table" | "kernelTable">} header
 * @param {Plane} plane
 * @param {"light" | "dark"} theme
 * @returns {(layer: LayerRow) => Uint32Array}
 */
export function colouring({ kernelTable, table }, plane, theme) {
  const [signed, weights] = [table, kernelTable].map(tables => palette(plane(tables[theme], 3 * 256)))
  return layer => (layer.picture || layer.grey ? GREYS : layer.kernels ? weights : signed)
}

/**
 * The planes of a picture as one in grey, by Rec. 601.
 *
 * @param {LayerRow} picture
 * @param {Uint8Array} levels
 */
export function inGrey({ shape: [channels], size: [height, width] }, levels) {
  const canvas = document.createElement("canvas")
  const size = height * width
  paint(canvas, [height, width], out => {
    for (let i = 0; i < size; i++) {
      const [red, green, blue] = [0, 1, 2].map(c => levels[(c % channels) * size + i])
      out[i] = GREYS[Math.round(0.299 * red + 0.587 * green + 0.114 * blue)]
    }
  })
  return canvas
}

/**
 * Three planes as one picture in colour.
 *
 * @param {Uint8Array} levels
 * @param {number} height
 * @param {number} width
 */
export function inColour(levels, height, width) {
  const canvas = document.createElement("canvas")
  const size = height * width
  paint(canvas, [height, width], out => {
    for (let i = 0; i < size; i++) out[i] = rgb(levels[i], levels[size + i], levels[2 * size + i])
  })
  return canvas
}
