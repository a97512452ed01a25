// @ts-check
// The drawing of an overview: maps, bars, marks, and the picture that stays in sight.

import { GREYS, coloured, css, isDark, paint, palette, rgb } from "../core/colour.js"
import { pen } from "../core/dom.js"
import { AMBER, NUMBERS_FROM, grown, numbers } from "../core/overlay.js"
import { drawBars } from "./bars.js"
import { rectangle } from "./layout.js"
import { channelAt, placeOf } from "./layer-row.js"

/** @import { Plane } from "../core/message.js" */
/** @import { Box, Context } from "../core/overlay.js" */
/** @import { Place } from "./layout.js" */
/** @import { Cell, Header, Region, LayerRow } from "./layer-row.js" */

/** @typedef {{ accent: string, text: string, border: string, font: string }} Style */
/** @typedef {{ maps: HTMLCanvasElement[], colours: Uint32Array, levels: Uint8Array }} Thumbnails */
/** @typedef {Thumbnails & { layer: LayerRow, place: Place, style: Style, exact: Float32Array | null }} Drawn */
/**
 * @typedef {{ layers: LayerRow[], places: Place[], thumbnails: Thumbnails[],
 *   exact: (Float32Array | null)[], chosen: Cell | null, cell: Cell | null, covered: number }} Sheet
 */

const MARK = 40 // CSS pixels; of a question mark
const SMALLEST = 5 // CSS pixels; a mark around less would not be seen
const MOST_PIXELS = 24e6 // pixels of a canvas; a larger one is drawn less finely
const MOST_HEIGHT = 16000 // pixels, which every browser can take

/**
 * One small canvas for each map of a layer; its cells in colours. Vectors are drawn directly.
 * The canvases of `before` are painted over: hundreds of new ones cost more than what is painted.
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
 * What colours the levels of a layer have in a theme.
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

export class Canvas {
  /** @param {HTMLCanvasElement} element */
  constructor(element) {
    this.element = element
    this.context = pen(element)
    this.width = this.height = 0 // CSS pixels
    this.ratio = 1 // pixels of the canvas a CSS pixel
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    const wanted = window.devicePixelRatio || 1
    const ratio = Math.min(wanted, MOST_HEIGHT / height, Math.sqrt(MOST_PIXELS / (width * height)))
    Object.assign(this, { width, height, ratio })
    this.element.style.width = `${width}px`
    this.element.style.height = `${height}px`
    this.element.width = Math.round(width * ratio)
    this.element.height = Math.round(height * ratio)
  }

  /**
   * Draw all layers of an overview and mark the regions that belong to its cell.
   *
   * @param {Sheet} sheet
   * @param {(Region | null)[] | null} regions
   */
  layers({ layers, places, thumbnails, exact, chosen, cell, covered }, regions) {
    const { context, ratio } = this
    const style = styleOf(this.element)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, this.width, this.height)
    const picture = layers.findIndex(layer => layer.picture)
    layers.forEach((layer, i) => {
      const place = places[i]
      const drawn = { layer, place, style, exact: exact[i], ...thumbnails[i] }
      if (place.kind === "none") return
      if (i >= covered) return hide(context, place, this.width, style)
      const over = layer.over && picture >= 0
      if (over) layUnder(context, drawn, layers[picture], thumbnails[picture])
      if (over) context.globalCompositeOperation = isDark(this.element) ? "screen" : "multiply"
      if (place.kind === "maps") drawMaps(context, drawn, ratio)
      else if (place.kind === "cells") drawCells(context, drawn)
      else drawBars(context, drawn)
      context.globalCompositeOperation = "source-over"
      const region = regions?.[i]
      if (region) mark(context, drawn, region, i === cell?.layer)
      const at = chosen?.layer === i ? placeOf(layer, chosen.channel) : -1
      if (at >= 0 && at < place.count && !layer.large) {
        around(context, place.box(at), style.accent, 2.5, place.kind === "bars" ? -2 : 2)
      }
    })
  }

  /**
   * Draw the picture alone, in colour if it has three channels, and the region a cell sees.
   *
   * @param {LayerRow} layer
   * @param {Thumbnails} thumbnails
   * @param {Region | null | undefined} region
   */
  picture({ shape, size: [height, width] }, { maps, levels }, region) {
    const { context, element } = this
    element.hidden = false
    element.style.aspectRatio = `${width} / ${height}`
    const wide = element.clientWidth || 190
    const tall = Math.max(4, (wide * height) / width)
    const ratio = window.devicePixelRatio || 1
    element.width = Math.round(wide * ratio)
    element.height = Math.round(tall * ratio)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.imageSmoothingEnabled = width > wide * ratio
    context.drawImage(shape[0] === 3 ? inColour(levels, height, width) : maps[0], 0, 0, wide, tall)
    if (!region) return
    const place = { box: () => /** @type {Box} */ ([0, 0, wide, tall]) }
    const box = grown(rectangle(place, shape, 0, region.rows, region.columns), SMALLEST)
    context.fillStyle = "rgb(0 0 0 / 45%)"
    context.beginPath()
    context.rect(0, 0, wide, tall)
    context.rect(...box)
    context.fill("evenodd")
    around(context, box, styleOf(element).accent, 2, 0)
  }
}

/**
 * @param {Element} element
 * @returns {Style}
 */
function styleOf(element) {
  const style = getComputedStyle(element)
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--st-${name}-color`).trim()
  return { accent: read("primary"), text: read("text"), border: read("border"), font: style.fontFamily }
}

/**
 * @param {Context} context
 * @param {Drawn} drawn
 * @param {number} ratio
 */
function drawMaps(context, { layer, place, maps, style, exact, levels, colours }, ratio) {
  const [height, width] = layer.size
  const [, rows, columns] = layer.shape
  // The last block may hold fewer cells, and the map ends where its cells do.
  const [down, right] = [rows / layer.block[0], columns / layer.block[1]]
  context.imageSmoothingEnabled = width > place.w * ratio || height > place.h * ratio
  context.imageSmoothingQuality = "high"
  context.strokeStyle = style.border
  context.lineWidth = 1
  maps.forEach((map, i) => {
    const [x, y, w, h] = place.box(i)
    context.drawImage(map, 0, 0, right, down, x, y, w, h)
    context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1)
  })
  if (!layer.large || layer.over || !exact || place.w / columns < NUMBERS_FROM) return
  const at = (/** @type {number} */ row, /** @type {number} */ column) => row * columns + column
  numbers(context, [0, rows - 1, 0, columns - 1],
    (row, column) => rectangle(place, layer.shape, 0, [row, row], [column, column]),
    (row, column) => [exact[at(row, column)]], (row, column) => colours[levels[at(row, column)]])
}

/**
 * Draw a question mark over the place of what a class is asked for.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {number} width
 * @param {Style} style
 */
function hide(context, { y, height }, width, style) {
  context.fillStyle = `color-mix(in srgb, ${style.text} 12%, transparent)`
  context.fillRect(0, y, width, height)
  context.fillStyle = style.text
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.font = `600 ${Math.min(height, MARK)}px ${style.font}`
  context.fillText("?", width / 2, y + height / 2)
  context.textBaseline = "alphabetic"
}

/**
 * Draw the picture, in grey, where the cells of a large map see it: each stands in the middle of
 * its field.
 *
 * @param {Context} context
 * @param {Drawn} drawn
 * @param {LayerRow} picture
 * @param {Thumbnails} thumbnails
 */
function layUnder(context, { layer, place }, picture, { levels }) {
  const { windows, shape: [, rows, columns] } = layer
  if (!windows) return
  const [x, y, w, h] = place.box(0)
  const [down, across] = windows.map(([kernel, stride, padding], i) => {
    const cell = [h / rows, w / columns][i] / stride // CSS pixels a pixel of the picture
    return { start: (padding - (kernel - stride) / 2) * cell, length: picture.shape[1 + i] * cell }
  })
  context.save()
  context.beginPath()
  context.rect(x, y, w, h)
  context.clip()
  context.drawImage(inGrey(picture, levels), x + across.start, y + down.start, across.length, down.length)
  context.restore()
}

/**
 * @param {Context} context
 * @param {Drawn} drawn
 */
function drawCells(context, { place, levels, colours, style }) {
  const gap = place.w > 8 ? 1 : 0
  for (let i = 0; i < place.count; i++) {
    const [x, y, w, h] = place.box(i)
    context.fillStyle = css(colours[levels[i]])
    context.fillRect(x, y, w - gap, h - gap)
  }
  if (gap) return
  context.strokeStyle = style.border
  context.lineWidth = 1
  const [, y] = place.box(0)
  context.strokeRect(0.5, y - 0.5, Math.min(place.count, place.columns) * place.w, place.height + 1)
}

/**
 * Mark a region: amber for the cell in hand, the accent for what it sees.
 *
 * @param {Context} context
 * @param {Drawn} drawn
 * @param {Region} region
 * @param {boolean} isCell
 */
function mark(context, { layer, place, style }, { channels, rows, columns }, isCell) {
  const colour = isCell ? AMBER : style.accent
  const [, height, width] = layer.shape
  const all = rows[0] === 0 && columns[0] === 0 && rows[1] === height - 1 && columns[1] === width - 1
  if (place.kind === "cells" && channels[0] === 0 && channels[1] >= place.count - 1 && place.count > 1) {
    const [x, y] = place.box(0)
    around(context, [x, y, Math.min(place.count, place.columns) * place.w, place.height], colour, 2, 1)
    return
  }
  const one = placeOf(layer, channels[0])
  if (isCell && !layer.vector && !layer.large && one >= 0) around(context, place.box(one), style.accent, 1.5, 1)
  for (let i = 0; i < place.count; i++) {
    const channel = channelAt(layer, i)
    if (channel < channels[0] || channel > channels[1]) continue
    if (all && !isCell) around(context, place.box(i), colour, 1.5, 1)
    else around(context, grown(rectangle(place, layer.shape, i, rows, columns), SMALLEST), colour, 2, 0)
  }
}

/**
 * @param {Context} context
 * @param {Box} box
 * @param {string} colour
 * @param {number} line CSS pixels; so is `away`, from the box.
 * @param {number} away
 */
function around(context, [x, y, w, h], colour, line, away) {
  context.lineWidth = line + 1.5
  context.strokeStyle = "rgb(0 0 0 / 35%)"
  context.strokeRect(x - away, y - away, w + 2 * away, h + 2 * away)
  context.lineWidth = line
  context.strokeStyle = colour
  context.strokeRect(x - away, y - away, w + 2 * away, h + 2 * away)
}

/**
 * The planes of a picture as one in grey, by Rec. 601.
 *
 * @param {LayerRow} picture
 * @param {Uint8Array} levels
 */
function inGrey({ shape: [channels], size: [height, width] }, levels) {
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
