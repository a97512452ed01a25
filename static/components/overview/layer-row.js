// @ts-check
// The types of an overview's message: see cnnviz/ui/maps/overview.py. A row holds the maps of a layer,
// or its numbers, side by side; the picture has a row too.

/** @typedef {[kernel: number, stride: number, padding: number, dilation: number]} Window Along one axis. */
/**
 * @typedef {object} LayerRow
 * @property {string} name
 * @property {string} title
 * @property {string} figures
 * @property {[channels: number, height: number, width: number]} shape
 * @property {number} drawn How many of the channels are drawn.
 * @property {number[] | null} order Which of them, in the order of drawing; null: the first.
 * @property {[height: number, width: number]} size The size at which each is drawn, in cells.
 * @property {[rows: number, columns: number]} block Cells that are drawn as one.
 * @property {number} offset
 * @property {number | null} exact The offset of the exact values.
 * @property {number} limit
 * @property {string} shown The limit, as it is written.
 * @property {boolean} vector
 * @property {boolean} flat A vector that holds the cells of the maps before it.
 * @property {boolean} picture
 * @property {boolean} grey No value is below zero: from black, 0, to white.
 * @property {number[]} zeros The places of maps that are 0 everywhere.
 * @property {boolean} kernels Weights, not maps.
 * @property {boolean} large
 * @property {boolean} over It is drawn over the picture.
 * @property {boolean} aside It is placed beside the others, not among them.
 * @property {string[]} labels The names of a vector's numbers.
 * @property {boolean} shares The numbers are shares of 1.
 * @property {number} groups
 * @property {number[]} channels The only map of the layer before that each map's cells see, if that is so.
 * @property {[vertical: Window, horizontal: Window] | null} windows How its cells see the layer before.
 */
/**
 * @typedef {object} Header
 * @property {LayerRow[]} layers
 * @property {string} chosen "name,channel,row,column", or empty.
 * @property {boolean} choosable
 * @property {string} name Of the overview.
 * @property {string} target The part of the page that a choice opens.
 * @property {string} hint
 * @property {{ light: number, dark: number }} table
 * @property {{ light: number, dark: number }} kernelTable
 */
/** @typedef {{ layer: number, channel: number, row: number, column: number }} Cell */
/** @typedef {[first: number, last: number]} Span */
/** @typedef {{ channels: Span, rows: Span, columns: Span }} Region */

/** @typedef {Pick<LayerRow, "order">} Ordered */

/**
 * The channel at place `i` of a layer.
 *
 * @param {Ordered} layer
 * @param {number} i
 */
export const channelAt = ({ order }, i) => order?.[i] ?? i

/**
 * The place of a channel in its layer; −1 if it is not drawn.
 *
 * @param {Ordered} layer
 * @param {number} channel
 */
export const placeOf = ({ order }, channel) => (order ? order.indexOf(channel) : channel)
