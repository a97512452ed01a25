// @ts-check
// The arithmetic of a cell as a sentence: window × kernel = products → sum + bias → activation →
// pooling window = result. Texts and colours are decided here, for the panel below the maps and for
// figures alike, so that both show the same digits.

import { ink, palette, rgb, signedLevel } from "../core/colour.js"
import { DECIMALS, decimalsFor, legible, near, short } from "../core/numbers.js"
import { activate, extent, isUntouched, laid } from "./arithmetic.js"
import { isSame, normLines, note, pooledText, signed, sumLines, where } from "./panel-words.js"
import { writtenSum } from "./written-sum.js"

/** @import { Cell } from "../core/grid.js" */
/** @import { Message } from "../core/message.js" */
/** @import { Chain, Header, Tables } from "./header.js" */
/** @import { Reading } from "./reading.js" */
/** @import { WrittenSum } from "./written-sum.js" */

/** @typedef {{ background: string, color: string }} Ink */
/**
 * @typedef {{ signed: (limit: number) => (value: number) => Ink,
 *   kernel: (limit: number) => (value: number) => Ink, grey: (limit: number) => (value: number) => Ink,
 *   value: (value: number) => Ink }} Colours
 */
/** @typedef {{ label: string, rows: number, columns: number, cells: Cell[] }} Matrix */
/** @typedef {{ label: string, big: string, lines: string[] }} Result */
/** @typedef {{ xs: number[], ys: number[], value: number, answer: number }} Curve */
/** @typedef {{ window: Matrix, kernel: Matrix, products: Matrix, part: string }} Products Of one channel. */
/**
 * `lone`: only the pooling is shown; `plain`: nothing follows the sum; `normFirst`: batch
 * normalisation comes before the activation.
 *
 * @typedef {{ channels: Products[], sum: Result, activation: Result, curve: Curve, norm: Result | null,
 *   pooling: { window: Matrix, results: Result[] } | null, note: string, lone: boolean,
 *   plain: boolean, normFirst: boolean }} Sentence
 */

export const CHANNELS = ["red", "green", "blue"]
const POINTS = 47 // points of a curve

/**
 * The sentence of a reading; `grey` says that the pooled map is drawn in grey.
 *
 * @param {Reading} reading
 * @param {Colours} colours
 * @param {boolean} [grey]
 * @returns {Sentence}
 */
export function sentence(reading, colours, grey = false) {
  const { activated, chain, features, normalised } = reading
  const written = writtenSum(reading)
  const before = chain.norm?.place === "before"
  return {
    channels: productsOf(reading, written, colours),
    sum: {
      label: `sum${chain.divisor !== 1 ? " ÷ divisor" : ""}${chain.bias ? " + bias" : ""}`,
      big: short(features), lines: sumLines(reading, written),
    },
    activation: { label: chain.activationTitle, big: near(activated), lines: [] },
    curve: curveOf(chain, before ? normalised ?? 0 : features),
    norm: chain.norm && {
      label: "batch norm: (x − mean) ÷ √(variance + ε), × γ + β", big: short(normalised ?? 0),
      lines: normLines(chain.norm, before ? features : activated),
    },
    pooling: poolingOf(reading, colours, grey),
    note: note(reading, written),
    lone: Boolean(chain.pooling) && isUntouched(chain),
    plain: chain.activation === "none" && !chain.pooling,
    normFirst: before,
  }
}

/**
 * Window × kernel = products of each channel.
 *
 * @param {Reading} reading
 * @param {WrittenSum} written
 * @param {Colours} colours
 * @returns {Products[]}
 */
function productsOf({ chain, channels }, written, colours) {
  const [rows, columns] = extent(chain)
  const weights = channels.flatMap((_, c) => laid(chain, c).flat())
  const taps = channels.flatMap(channel => channel.taps)
  const kernelInk = colours.kernel(Math.max(...weights.map(Math.abs)))
  const productInk = colours.signed(Math.max(...taps.map(tap => Math.abs(tap.product))))
  const [valueText, weightText] = [texts(taps.map(tap => tap.value)), texts(weights)]
  const several = channels.length > 1
  const divided = chain.divisor === 1 ? "" : `, ÷\u00a0${short(chain.divisor)}`
  return channels.map(({ taps }, c) => {
    const matrix = (/** @type {string} */ label, /** @type {Cell[]} */ cells) => ({ label, rows, columns, cells })
    return {
      window: matrix(several ? CHANNELS[c] : "window of the input", taps.map(tap => ({
        text: valueText(tap.value), ...colours.value(tap.value), kind: tap.outside ? "padded" : "",
        title: where(tap, chain.mode),
      }))),
      kernel: matrix(chain.kernelLabel + divided, laid(chain, c).flat().map(weight => ({
        text: weightText(weight), ...kernelInk(weight),
      }))),
      products: matrix("products", taps.map(({ product }, i) => ({
        text: signed(written.text(written.products[c][i])), ...productInk(product),
      }))),
      part: several ? `= ${written.text(written.parts[c])}` : "",
    }
  })
}

/**
 * The curve of an activation around a value, and its output there.
 *
 * @param {Chain} chain
 * @param {number} value
 * @returns {Curve}
 */
function curveOf(chain, value) {
  const reach = Math.max(1.5 * Math.abs(value), chain.bounded ? 6 : 1)
  const xs = Array.from({ length: POINTS }, (_, i) => ((2 * i) / (POINTS - 1) - 1) * reach)
  return { xs, ys: xs.map(x => activate(chain, x)), value, answer: activate(chain, value) }
}

/**
 * @param {Reading} reading
 * @param {Colours} colours
 * @param {boolean} grey
 * @returns {Sentence["pooling"]}
 */
function poolingOf({ cell, chain, pooled, poolings }, colours, grey) {
  const { pooling } = chain
  if (!pooled || !pooling) return null
  const [rows, columns] = pooling.window
  const { winner } = poolings.find(each => each.winner >= 0) ?? pooled
  const compared = poolings.length > 1
  const limit = Math.max(...pooled.cells.filter(({ outside }) => !outside).map(({ value }) => Math.abs(value)))
  const valueInk = isUntouched(chain) ? colours.value : (grey ? colours.grey : colours.signed)(limit)
  const what = compared ? "" : pooling.kind === "max" ? "maximum of " : "mean of "
  const cells = pooled.cells.map((each, i) => ({
    text: pooledText(each, pooling),
    ...(each.outside ? {} : valueInk(each.value)),
    kind: [each.outside && "padded", i === winner && "winner", isSame(each.at, cell) && "here"].filter(Boolean).join(" "),
  }))
  return {
    window: { label: `${what}this ${rows}\u00a0×\u00a0${columns} window`, rows, columns, cells },
    results: poolings.map(({ count, kind, result, sum }) => ({
      label: !compared ? "pooled" : kind === "max" ? "largest" : "mean",
      big: short(result),
      lines: kind === "max" ? [] : [`${short(sum)} ÷ ${count}`],
    })),
  }
}

/**
 * A function that writes the values of a window or the weights of a kernel, with as many decimals as
 * other numbers on the screen.
 *
 * @param {number[]} values
 * @returns {(value: number) => string}
 */
function texts(values) {
  const decimals = values.every(Number.isInteger) ? 0 : Math.max(DECIMALS, decimalsFor(values) - 1)
  const largest = Math.max(...values.map(Math.abs))
  return value => legible(value, decimals, largest)
}

/**
 * Whether the pooled map of a chain is drawn in grey; with several kernels, this may differ from
 * map to map.
 *
 * @param {Header} header
 * @param {number} chain
 */
export const isPooledInGrey = ({ panes }, chain) => panes.some(pane => pane.role === "pooling" && pane.chain === chain && pane.grey)

/**
 * @param {Message<Header>} message
 * @param {keyof Tables} theme
 * @returns {Colours}
 */
export function coloursOf({ header: { input, kernelTable, table }, plane }, theme) {
  const scale = (/** @type {Tables} */ tables) => {
    const colours = palette(plane(tables[theme], 3 * 256))
    return (/** @type {number} */ limit) => (/** @type {number} */ value) => ink(colours[signedLevel(value, limit || 1)])
  }
  const { black, white } = input ?? { black: 0, white: 255 }
  const shade = (/** @type {number} */ share) => {
    const grey = Math.max(0, Math.min(255, Math.round(255 * share)))
    return ink(rgb(grey, grey, grey))
  }
  return {
    signed: scale(table),
    kernel: scale(kernelTable ?? table),
    grey: limit => value => shade(value / (limit || 1)),
    value: value => shade((value - black) / (white - black)),
  }
}
