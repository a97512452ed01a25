// The drawing of an overview: maps, bars, marks, and the picture that stays in sight.

import { rectangle } from "./layout.js"
import { short } from "../core/numbers.js"
import { numbers, written, NUMBERS_FROM } from "../core/overlay.js"

const AMBER = "#ffb000"
const SMALLEST = 5 // CSS pixels; a mark around less would not be seen
const MOST_PIXELS = 24e6 // of a canvas; beyond that it is drawn less finely
const MOST_HEIGHT = 16000 // pixels, which every browser can take

/** One small canvas for each map of a strip; its cells in colours. Vectors are drawn directly. */
export function thumbnails({ drawn: count, size: [height, width], offset, vector }, plane, colours) {
  const levels = plane(offset, count * height * width)
  if (vector) return { colours, levels }
  const maps = Array.from({ length: count }, (_, channel) => {
    const canvas = document.createElement("canvas")
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext("2d")
    const image = context.createImageData(width, height)
    const out = new Uint32Array(image.data.buffer)
    const from = channel * height * width
    for (let i = 0; i < out.length; i++) out[i] = colours[levels[from + i]]
    context.putImageData(image, 0, 0)
    return canvas
  })
  return { maps, colours, levels }
}

const css = colour => `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`

export class Canvas {
  constructor(element) {
    this.element = element
    this.context = element.getContext("2d")
  }

  resize(width, height) {
    const wanted = window.devicePixelRatio || 1
    const ratio = Math.min(wanted, MOST_HEIGHT / height, Math.sqrt(MOST_PIXELS / (width * height)))
    Object.assign(this, { width, height, ratio })
    this.element.style.width = `${width}px`
    this.element.style.height = `${height}px`
    this.element.width = Math.round(width * ratio)
    this.element.height = Math.round(height * ratio)
  }

  /** Draw all strips of an overview and mark the regions that belong to its cell. */
  strips(overview, regions) {
    const { context, ratio, width, height } = this
    const look = style(this.element)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    const { strips, layout, thumbnails, exact, chosen, cell } = overview
    strips.forEach((strip, i) => {
      const place = layout.places[i]
      const of = { strip, place, look, exact: exact[i], ...thumbnails[i] }
      if (place.kind === "none") return
      if (place.kind === "maps") maps(context, of, ratio)
      else if (place.kind === "cells") cells(context, of)
      else bars(context, of)
      const region = regions?.[i]
      if (region) mark(context, of, region, i === cell.strip)
      if (chosen?.strip === i && chosen.channel < place.count && !strip.large) {
        around(context, place.box(chosen.channel), look.accent, 2.5, place.kind === "bars" ? -2 : 2)
      }
    })
  }

  /** Draw the picture alone, in colour if it has three channels, and the region a cell sees. */
  picture({ strips, pictureAt, thumbnails, levels }, region) {
    const { shape, size: [height, width] } = strips[pictureAt]
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
    context.drawImage(shape[0] === 3 ? together(levels[pictureAt], height, width) : thumbnails[pictureAt].maps[0], 0, 0, wide, tall)
    if (!region) return
    const place = { box: () => [0, 0, wide, tall] }
    const box = rectangle(place, shape, 0, region.rows, region.columns)
    context.fillStyle = "rgb(0 0 0 / 45%)"
    context.beginPath()
    context.rect(0, 0, wide, tall)
    context.rect(...grown(box))
    context.fill("evenodd")
    around(context, grown(box), style(element).accent, 2, 0)
  }
}

function style(element) {
  const read = name => getComputedStyle(element).getPropertyValue(name).trim()
  return { accent: read("--st-primary-color"), text: read("--st-text-color"), border: read("--st-border-color"),
    font: getComputedStyle(element).fontFamily }
}

function maps(context, { strip, place, maps, look, exact, levels, colours }, ratio) {
  const [height, width] = strip.size
  // The last block may hold fewer cells, and the map ends where its cells do.
  const [down, right] = [strip.shape[1] / strip.block[0], strip.shape[2] / strip.block[1]]
  context.imageSmoothingEnabled = width > place.w * ratio || height > place.h * ratio
  context.imageSmoothingQuality = "high"
  context.strokeStyle = look.border
  context.lineWidth = 1
  maps.forEach((map, i) => {
    const [x, y, w, h] = place.box(i)
    context.drawImage(map, 0, 0, right, down, x, y, w, h)
    context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1)
  })
  const [, rows, columns] = strip.shape
  if (!strip.large || !exact || place.w / columns < NUMBERS_FROM) return
  const cell = (row, column) => rectangle(place, strip.shape, 0, [row, row], [column, column])
  const at = (row, column) => row * columns + column
  numbers(context, [0, rows - 1, 0, columns - 1], cell,
    (row, column) => [written(exact[at(row, column)])], (row, column) => colours[levels[at(row, column)]])
}

function cells(context, { place, levels, colours, look }) {
  const gap = place.w > 8 ? 1 : 0
  for (let i = 0; i < place.count; i++) {
    const [x, y, w, h] = place.box(i)
    context.fillStyle = css(colours[levels[i]])
    context.fillRect(x, y, w - gap, h - gap)
  }
  context.strokeStyle = look.border
  context.lineWidth = 1
  const rows = Math.ceil(place.count / place.columns)
  if (!gap) context.strokeRect(0.5, place.box(0)[1] - 0.5, Math.min(place.count, place.columns) * place.w, rows * place.h + 1)
}

/** One bar for each number of a short vector, from the line of 0, with its name and value. */
function bars(context, { strip, place, exact, look }) {
  const values = [...exact]
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const { above, height } = place.bar
  const level = value => ((high - value) / (high - low || 1)) * height
  context.textAlign = "center"
  values.forEach((value, i) => {
    const [x, top, w] = place.box(i)
    const zero = top + above + level(0)
    const end = top + above + level(value)
    context.fillStyle = value === Math.max(...values) ? look.accent : `color-mix(in srgb, ${look.accent} 45%, transparent)`
    context.fillRect(x + 0.14 * w, Math.min(zero, end), 0.72 * w, Math.max(1, Math.abs(end - zero)))
    context.fillStyle = look.text
    const write = (text, y, size, least = 7) => {
      context.font = `${Math.max(least, Math.min(size, (1.6 * w) / Math.max(3, text.length)))}px ${look.font}`
      context.fillText(text, x + w / 2, y)
    }
    write(short(value, w < 40 ? 2 : 3), top + above - 5 + Math.min(level(value), level(0)), 11)
    write(fitting(strip.labels[i] ?? String(i), w), top + above + height + 14, 12)
  })
  context.strokeStyle = look.border
  context.lineWidth = 1
  const y = Math.round(place.box(0)[1] + above + level(0)) + 0.5
  context.beginPath()
  context.moveTo(0, y)
  context.lineTo(place.count * place.w, y)
  context.stroke()
}

const fitting = (text, width) => (text.length * 5 > width ? `${text.slice(0, Math.max(1, Math.floor(width / 6)))}…` : text)

/** Mark a region: amber for the cell in hand, the accent for what it sees. */
function mark(context, { strip, place, look }, { channels, rows, columns }, isCell) {
  const colour = isCell ? AMBER : look.accent
  const [, height, width] = strip.shape
  const all = rows[0] === 0 && columns[0] === 0 && rows[1] === height - 1 && columns[1] === width - 1
  if (place.kind === "cells" && channels[0] === 0 && channels[1] >= place.count - 1 && place.count > 1) {
    const [x, y] = place.box(0)
    around(context, [x, y, Math.min(place.count, place.columns) * place.w, place.height], colour, 2, 1)
    return
  }
  if (isCell && !strip.vector && !strip.large) around(context, place.box(channels[0]), look.accent, 1.5, 1)
  for (let channel = channels[0]; channel <= Math.min(channels[1], place.count - 1); channel++) {
    if (all && !isCell) around(context, place.box(channel), colour, 1.5, 1)
    else around(context, grown(rectangle(place, strip.shape, channel, rows, columns)), colour, 2, 0)
  }
}

/** A rectangle that is not too small to be seen. */
function grown([x, y, w, h]) {
  const [moreX, moreY] = [w, h].map(side => Math.max(0, SMALLEST - side))
  return [x - moreX / 2, y - moreY / 2, w + moreX, h + moreY]
}

function around(context, [x, y, w, h], colour, line, away) {
  context.lineWidth = line + 1.5
  context.strokeStyle = "rgb(0 0 0 / 35%)"
  context.strokeRect(x - away, y - away, w + 2 * away, h + 2 * away)
  context.lineWidth = line
  context.strokeStyle = colour
  context.strokeRect(x - away, y - away, w + 2 * away, h + 2 * away)
}

/** Three planes as one picture in colour. */
function together(levels, height, width) {
  const canvas = document.createElement("canvas")
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext("2d")
  const image = context.createImageData(width, height)
  const size = height * width
  for (let i = 0; i < size; i++) {
    image.data.set([levels[i], levels[size + i], levels[2 * size + i], 255], 4 * i)
  }
  context.putImageData(image, 0, 0)
  return canvas
}
