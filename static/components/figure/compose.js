// @ts-check
// Everything on the screen as one figure: the maps of its boards in their order on the page, the rows
// of its overviews, the cards of its gallery, the kernels or the arithmetic of the cell in hand, and a caption.

import { isUntouched } from "../maps/arithmetic.js"
import { known as galleries } from "../gallery/gallery.js"
import { known as boards } from "../maps/boards.js"
import { coloursOf, isPooledInGrey, sentence } from "../maps/panel-sentence.js"
import { overviews } from "../overview/on-page.js"
import { drawCards } from "./cards.js"
import { drawLayers } from "./layers.js"
import { drawMap } from "./maps.js"
import { called, columnsOf, steps } from "./plan.js"
import { drawKernels, drawSentence } from "./sums.js"
import { Drawing, LOOKS, wrapped } from "./svg.js"

/** @import { Gallery } from "../gallery/gallery.js" */
/** @import { Board } from "../maps/board.js" */
/** @import { Chain } from "../maps/header.js" */
/** @import { Pane } from "../maps/pane.js" */
/** @import { Overview } from "../overview/overview.js" */
/** @typedef {{ kind: "maps", board: Board, name: string, panes: Pane[] }} Maps */
/** @typedef {{ kind: "layers", overview: Overview }} Layers */
/** @typedef {{ kind: "cards", gallery: Gallery }} Cards */
/** @typedef {Maps | Layers | Cards} Part */
/** @typedef {{ look: keyof typeof LOOKS, sums: boolean, caption: string }} Options */

export const WIDTH = 1280 // the width of a slide
const [EDGE, GAP, BETWEEN] = [28, 18, 22]
const CAPTION = 17 // size of its letters
const [SPARSE, ACROSS] = [0.6, 4] // a grid filled less than this becomes plain rows with this many columns
const WIDEST = 430 // the width of a map if there are few

/**
 * The parts of the page, from top to bottom and from left to right.
 *
 * @returns {Part[]}
 */
export function present() {
  /** @type {{ at: DOMRect, part: Part }[]} */
  const found = []
  const seen = (/** @type {HTMLElement} */ element) => element.isConnected && element.getClientRects().length > 0
  for (const board of boards()) {
    for (const { element, panes } of board.slots.values()) {
      if (!board.message || !panes.length || !seen(element)) continue
      const { name = "", number = "" } = element.dataset
      found.push({ at: element.getBoundingClientRect(), part: { kind: "maps", board, panes, name: `${number} ${name}`.trim() } })
    }
  }
  for (const overview of overviews) {
    if (overview.layers.length && seen(overview.root)) found.push({ at: overview.root.getBoundingClientRect(), part: { kind: "layers", overview } })
  }
  for (const gallery of galleries()) {
    const { list, message } = gallery
    // A strip of cards is a choice beside the maps, not part of the figure.
    if (list && message && seen(list) && !list.classList.contains("strip")) found.push({ at: list.getBoundingClientRect(), part: { kind: "cards", gallery } })
  }
  return found.sort((a, b) => Math.round(a.at.top - b.at.top) || a.at.left - b.at.left).map(({ part }) => part)
}

/**
 * The board whose arithmetic the page writes out, if there is one.
 *
 * @param {Part[]} parts
 */
export const reckoned = parts =>
  parts.flatMap(part => (part.kind === "maps" ? [part.board] : [])).find(board => board.reading && board.panel) ?? null

/**
 * The figure as SVG, and its size.
 *
 * @param {Part[]} parts
 * @param {Options} options
 */
export function compose(parts, { caption, look, sums }) {
  const drawing = new Drawing(LOOKS[look])
  const inner = WIDTH - 2 * EDGE
  const board = reckoned(parts)
  const told = sums ? board : null
  let y = EDGE
  for (const section of sections(parts)) {
    if (Array.isArray(section)) y += drawGrid(drawing, section, told, y)
    else if (section.kind === "layers") y += drawLayers(drawing, section.overview, EDGE, y, inner) + BETWEEN
    else if (section.gallery.message) y += drawCards(drawing, section.gallery.message, EDGE, y, inner)
  }
  const shown = [...new Set(parts.flatMap(part => (part.kind === "maps" ? [part.board] : [])))]
  const chains = kernelsOf(shown, told)
  if (chains.length) y += drawKernels(drawing, chains, EDGE, y, inner)
  if (told?.message && told.reading && told.cursor) {
    const grey = isPooledInGrey(told.message.header, told.cursor.chain)
    const said = sentence(told.reading, coloursOf(told.message, drawing.look.theme), grey)
    drawing.add("path", { d: `M${EDGE} ${y - 6}h${inner}`, stroke: drawing.look.line })
    drawing.text(place(told), EDGE, y + 17, 13, { colour: drawing.look.quiet })
    y += 26
    y += drawSentence(drawing, said, EDGE, y, inner, told.predictions.hides(told.cursor.chain, ...told.reading.cell))
  }
  for (const line of caption ? wrapped(caption, CAPTION, inner) : []) {
    drawing.text(line, EDGE, y + CAPTION, CAPTION)
    y += CAPTION + 7
  }
  const height = Math.ceil(y + EDGE - 8)
  return { svg: drawing.svg(WIDTH, height, caption || "Feature maps"), width: WIDTH, height }
}

/**
 * Which cell is written out, in words.
 *
 * @param {Board} board
 */
function place({ cursor, message }) {
  if (!cursor) return ""
  const stage = ["Input", "Convolution", "Activation", "Pooling"][cursor.stage]
  const title = message && message.header.chains.length > 1 ? ` of ${message.header.chains[cursor.chain].title}` : ""
  return `${stage}${title}, row ${cursor.row}, column ${cursor.column}`
}

/**
 * Group consecutive maps into one grid.
 *
 * @param {Part[]} parts
 */
function sections(parts) {
  /** @type {(Maps[] | Layers | Cards)[]} */
  const found = []
  for (const part of parts) {
    const last = found[found.length - 1]
    if (part.kind !== "maps") found.push(part)
    else if (Array.isArray(last)) last.push(part)
    else found.push([part])
  }
  return found
}

/**
 * @param {Drawing} drawing
 * @param {Maps[]} maps
 * @param {Board | null} told The board whose cell is marked.
 * @param {number} top
 * @param {number} [across] The number of columns, if it is given.
 */
function drawGrid(drawing, maps, told, top, across = 0) {
  const most = Math.max(...maps.map(({ panes }) => panes.length))
  // If one place holds many more maps than the others, lay out all maps in rows, one after another.
  const all = maps.flatMap(one => one.panes.map(pane => ({ ...one, panes: [pane] })))
  if (most > 1 && all.length < SPARSE * most * maps.length) return drawGrid(drawing, all, told, top, ACROSS)
  const columns = across || columnsOf(maps.length, most)
  const width = Math.min(WIDEST, (WIDTH - 2 * EDGE - GAP * (columns - 1)) / columns)
  const left = (WIDTH - columns * width - (columns - 1) * GAP) / 2
  let y = top
  for (let first = 0; first < maps.length; first += columns) {
    const row = maps.slice(first, first + columns)
    const lines = Math.max(...row.map(({ panes }) => panes.length))
    for (let line = 0; line < lines; line++) {
      y += BETWEEN + Math.max(...row.map(({ board, name, panes }, i) => {
        const pane = panes[line]
        if (!pane) return 0
        return drawMap(drawing, pane, called(name, pane.pane), [left + i * (width + GAP), y, width], board === told)
      }))
    }
  }
  return y - top
}

/**
 * The kernels that are drawn separately: all of them, unless the arithmetic already shows the only one.
 *
 * @param {Board[]} boards
 * @param {Board | null} told
 */
function kernelsOf(boards, told) {
  const found = boards.flatMap(({ message }) => (message?.header.chains ?? [])
    .flatMap(chain => (message && !isUntouched(chain) ? [{ chain, message }] : [])))
  const keys = found.map(({ chain }) => keyOf(chain))
  const each = found.filter((_, i) => keys.indexOf(keys[i]) === i)
  const shown = told?.chain && keyOf(told.chain)
  return each.length === 1 && keyOf(each[0].chain) === shown ? [] : each
}

const keyOf = (/** @type {Chain} */ { divisor, flip, matrices }) => JSON.stringify([matrices, divisor, flip])

/**
 * The default caption of a figure: how its first chain works.
 *
 * @param {Part[]} parts
 * @param {string} page
 */
export function captionOf(parts, page) {
  const chain = (reckoned(parts) ?? parts.find(part => part.kind === "maps")?.board)?.chain
  return chain ? `${page}: ${steps(chain).join(" → ")}` : page
}
