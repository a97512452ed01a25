// @ts-check
// What a class can be asked about: the maps of boards, and those in the rows of overviews.

import { board, shownBoards } from "../maps/boards.js"
import { isNamedAfter } from "../maps/pane.js"
import { overviews } from "../overview/on-page.js"
import { channelAt, placeOf } from "../overview/layer-row.js"

/** @import { Chain, PaneHeader } from "../maps/header.js" */
/** @import { Overview } from "../overview/overview.js" */
/** @typedef {{ board: string, pane: number, channel?: number }} Named A map. */
/** @typedef {Named & { row: number, column: number }} Place A cell of it. */
/**
 * @typedef {object} Shown A map, or a row of maps.
 * @property {string} board
 * @property {number} pane
 * @property {string} title
 * @property {number} channels How many maps the row has; 0 for a single map.
 * @property {number} first The number of the first one that is drawn.
 * @property {number} height Of a map, in cells.
 * @property {number} width
 * @property {boolean} tapped Whether it comes from a picture that a class can tap.
 * @property {boolean} drawn Whether one kernel, the same for every channel, computes it from the picture.
 */

const POOLED = 3 // stage
const COMPUTED = new Set(["convolution", "part", "normalised", "activation", "pooling"]) // roles, as in rooms/truth.py

/** @param {string} name */
const overviewOf = name => [...overviews].find(({ header }) => header?.name === name)

/**
 * All maps on the page about which the server can judge answers, except pictures and weights: a class
 * could only guess a weight, since no number on the screen leads to it.
 *
 * @returns {Shown[]}
 */
export function shownMaps() {
  const maps = shownBoards().flatMap(({ message, name }) => (message?.header.panes ?? []).flatMap((pane, i) => {
    const { height, stage, width } = pane
    const chain = message?.header.chains[pane.chain ?? -1]
    const tapped = pictureOf(name) !== null
    if (stage === 0 || !isKnown(pane) || !(chain || tapped)) return []
    return [{ board: name, pane: i, title: titleOf({ board: name, pane: i }), channels: 0, first: 0, height, width, tapped, drawn: Boolean(chain && isOne(chain)) }]
  }))
  const rows = [...overviews].flatMap(({ header, layers }) => layers.flatMap((layer, i) => {
    const { exact, kernels, picture, shape: [channels, height, width], vector } = layer
    const tapped = !kernels && !vector && layers.slice(0, i).some(before => before.picture)
    const first = channelAt(layer, 0)
    return picture || (exact === null && !tapped) ? [] : [{ board: header.name, pane: i, title: layer.title, channels, first, height, width, tapped, drawn: false }]
  }))
  return [...rows, ...maps] // for a network: its layers first, then the maps of its answer
}

/** Whether the server knows the numbers of a map: they were sent, or it can compute them. @param {PaneHeader} pane */
const isKnown = ({ chain, numbers, role }) => numbers !== null || role === "plane" || (chain !== null && COMPUTED.has(role))

/** Whether a chain applies one kernel to all channels. @param {Chain} chain */
const isOne = ({ matrices: [first, ...others] }) => others.every(other => String(other) === String(first))

const SIZE = /, \d.*/s // the rest of the description of a map, after its name

/**
 * The name of a map, followed by the steps that lead to it if other maps share its title. If its kernel is
 * what the class has to find, the name leaves that out.
 *
 * @param {Named & { kind?: string }} map
 */
export function titleOf({ board: name, channel, kind, pane }) {
  const layer = overviewOf(name)?.layers[pane]
  if (layer) return layer.title + wordsOf(layer, channel)
  const { message, panes } = board(name)
  const shown = panes.find(one => one.pane === message?.header.panes[pane])
  if (!message || !shown) return "this map"
  const { alt, title: own } = shown.pane
  const isShared = own && message.header.panes.filter(({ title }) => title === own).length > 1
  const title = (isShared ? alt.replace(SIZE, "") : own) || shown.named[1].textContent || alt.split(",")[0]
  const isTold = kind === "draw" && isNamedAfter(message.header.chains[shown.pane.chain ?? -1], title)
  return isTold ? "this map" : title
}

/**
 * @param {Overview["layers"][number]} layer
 * @param {number} [channel]
 */
function wordsOf({ kernels, labels, large, shape: [channels], vector }, channel = 0) {
  if (vector) return `, ${labels[channel] ?? `number ${channel}`}`
  return channels > 1 && !large ? `, ${kernels ? "filter" : "map"} ${channel}` : ""
}

/** Where a cell of a map is, in words. @param {Place} place */
export function placeWords({ board: name, column, pane, row }) {
  const shape = overviewOf(name)?.layers[pane]?.shape
  return shape && shape[1] * shape[2] === 1 ? "" : ` at row ${row}, column ${column}`
}

/**
 * The boards for which a class may make any kernel, each with the text that offers it. If there are several,
 * the text names the first map of the board.
 *
 * @param {Shown[]} maps
 * @returns {[board: string, text: string][]}
 */
export function anyKernels(maps) {
  const first = maps.filter(({ board: name }, i) => maps.findIndex(({ board }) => board === name) === i)
  return first.map(({ board: name, title }) => [name, `Any kernel${first.length > 1 ? ` for ${title}` : ""}: none is wrong`])
}

/**
 * The picture behind the maps: what the first stage of a board shows.
 *
 * @param {string} name Of the board.
 */
export function pictureOf(name) {
  const overview = overviewOf(name)
  if (overview) return overview.pictured
  const { panes } = board(name)
  const first = panes.find(({ pane }) => pane?.picture) ?? panes.find(({ pane }) => pane?.stage === 0)
  return first ? { image: first.image, height: first.pane.height, width: first.pane.width } : null
}

/** The chosen cell; in an overview, that of the large map, whose numbers are known. @returns {Place | null} */
export function chosenCell() {
  const found = [...overviews].filter(({ chosen, layers }) => chosen && placeOf(layers[chosen.layer], chosen.channel) >= 0)
  const overview = found.find(({ chosen, layers }) => chosen && layers[chosen.layer].large) ?? found[0]
  if (!overview?.chosen) return null
  const { channel, column, row, layer } = overview.chosen
  return { board: overview.header.name, pane: layer, channel, row, column }
}

/**
 * The cell of a map that corresponds to the cell in hand; null if there is none, or for a row of
 * maps.
 *
 * @param {Named} map
 */
export function cellInHand({ board: name, pane }) {
  const { message, reading } = shownBoards().find(one => one.name === name) ?? {}
  if (!message || !reading) return null
  const cell = message.header.panes[pane]?.stage === POOLED ? reading.pooled?.cell : reading.cell
  return cell ? { row: cell[0], column: cell[1] } : null
}

/**
 * Take a cell in hand, as pointing at it does; if another cell is pinned, pin this one instead.
 *
 * @param {Place} place
 */
export function mark({ board: name, channel = 0, column, pane, row }) {
  const overview = overviewOf(name)
  if (overview) {
    const drawn = placeOf(overview.layers[pane], channel)
    if (drawn >= 0 && drawn < overview.layers[pane].drawn) overview.point({ layer: pane, channel, row, column })
    return
  }
  const shown = board(name)
  const asked = shown.message?.header.panes[pane]
  if (!asked) return
  const cursor = { stage: asked.stage, row, column, chain: asked.chain ?? shown.cursor?.chain ?? 0 }
  if (shown.kept) shown.pin(cursor)
  else shown.point(cursor)
}
