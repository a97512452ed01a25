// @ts-check
// The drawing of an overview: maps, bars, and the picture that stays in sight.

import { css, isDark } from "../core/colour.js"
import { pen } from "../core/dom.js"
import { NUMBERS_FROM, grown, numbers } from "../core/overlay.js"
import { drawBars } from "./bars.js"
import { placeOf } from "./layer-row.js"
import { rectangle } from "./layout.js"
import { SMALLEST, around, hide, mark, sayZeros } from "./marks.js"
import { inColour, inGrey } from "./thumbnails.js"

/** @import { Box, Context } from "../core/overlay.js" */
/** @import { Cell, LayerRow, Region } from "./layer-row.js" */
/** @import { Place } from "./layout.js" */
/** @import { Thumbnails } from "./thumbnails.js" */

/** @typedef {{ accent: string, text: string, border: string, font: string }} Style */
/** @typedef {Thumbnails & { layer: LayerRow, place: Place, style: Style, exact: Float32Array | null }} Drawn */
/**
 * @typedef {{ layers: LayerRow[], places: Place[], thumbnails: Thumbnails[],
 *   exact: (Float32Array | null)[], chosen: Cell | null, cell: Cell | null, covered: number }} Sheet
 */

const MOST_PIXELS = 24e6 // pixels of a canvas; a larger one is drawn less finely
const MOST_HEIGHT = 16000 // pixels, which every browser supports

export class Canvas {
  /** @param {HTMLCanvasElement} element */
  constructor(element) {
    this.element = element
    this.context = pen(element)
    this.width = this.height = 0 // CSS pixels
    this.ratio = 1 // pixels of the canvas per CSS pixel
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
   * Draw just the picture, in colour if it has three channels, and the region a cell sees.
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
  sayZeros(context, layer.zeros.map(place.box), style)
  if (!layer.large || layer.over || !exact || place.w / columns < NUMBERS_FROM) return
  const at = (/** @type {number} */ row, /** @type {number} */ column) => row * columns + column
  numbers(context, [0, rows - 1, 0, columns - 1],
    (row, column) => rectangle(place, layer.shape, 0, [row, row], [column, column]),
    (row, column) => [exact[at(row, column)]], (row, column) => colours[levels[at(row, column)]])
}

/**
 * Draw the picture in grey under a large map, so that each cell is in the centre of its receptive
 * field.
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
    const cell = [h / rows, w / columns][i] / stride // CSS pixels per pixel of the picture
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
