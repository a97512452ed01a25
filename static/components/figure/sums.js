// @ts-check
// The arithmetic of a cell in a figure: the sentence of the panel, in grids and words.

import { short } from "../core/numbers.js"
import { laid } from "../maps/arithmetic.js"
import { CHANNELS, coloursOf } from "../maps/panel-sentence.js"
import { LABEL, NUMBER, beside, curve, grid, result, word } from "./sum-parts.js"

/** @import { Message } from "../core/message.js" */
/** @import { Chain, Header } from "../maps/header.js" */
/** @import { Matrix, Sentence } from "../maps/panel-sentence.js" */
/** @import { Item } from "./sum-parts.js" */
/** @import { Drawing } from "./svg.js" */

const [GAP, AFTER] = [14, 16] // between items, and between lines of them

/**
 * Draw a sentence from (x, y) on, in lines of at most `width`; returns its height.
 *
 * @param {Drawing} drawing
 * @param {Sentence} said
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {boolean} [hidden] Whether the answer is still to be predicted.
 */
export function drawSentence(drawing, said, x, y, width, hidden = false) {
  let top = y
  for (const line of broken(items(drawing, said, hidden, width), width)) {
    const height = Math.max(...line.map(item => item.height))
    let left = x
    for (const item of line) {
      item.draw(left, top + (height - item.height) / 2)
      left += item.width + GAP
    }
    top += height + AFTER
  }
  if (said.note && !hidden) {
    drawing.text(said.note, x, top + LABEL - 4, LABEL, { colour: drawing.look.quiet })
    top += LABEL + 4
  }
  return top - y
}

/**
 * Draw the kernels of chains side by side; returns their height.
 *
 * @param {Drawing} drawing
 * @param {{ chain: Chain, message: Message<Header> }[]} chains
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
export function drawKernels(drawing, chains, x, y, width) {
  const found = chains.flatMap(({ chain, message }) => {
    const colours = coloursOf(message, drawing.look.theme)
    const same = chain.matrices.every(matrix => String(matrix) === String(chain.matrices[0]))
    const inks = colours.kernel(Math.max(...chain.matrices.flat(2).map(Math.abs)))
    return (same ? [0] : chain.matrices.map((_, c) => c)).map(c => {
      const weights = laid(chain, c)
      const channel = same ? "" : `, ${CHANNELS[c] ?? c}`
      return grid(drawing, {
        label: `${chain.kernelLabel}${channel}${chain.divisor === 1 ? "" : `, ÷ ${short(chain.divisor)}`}`,
        rows: weights.length, columns: weights[0].length,
        cells: weights.flat().map(weight => ({ text: short(weight, 3), ...inks(weight) })),
      })
    })
  })
  let top = y
  for (const one of broken(found, width)) {
    let left = x
    for (const item of one) {
      item.draw(left, top)
      left += item.width + GAP
    }
    top += Math.max(...one.map(item => item.height)) + AFTER
  }
  return top - y
}

/**
 * The parts of a sentence, from left to right.
 *
 * @param {Drawing} drawing
 * @param {Sentence} said
 * @param {boolean} hidden
 * @param {number} width
 * @returns {Item[]}
 */
function items(drawing, said, hidden, width) {
  const sign = (/** @type {string} */ text) => word(drawing, text)
  /** @type {Item[]} */
  const found = []
  if (!said.lone) {
    const make = said.channels.length > 1 ? rows : row
    const written = make(drawing, said, hidden)
    found.push(written.width <= width ? written : make(drawing, bare(said), hidden))
    if (hidden) return [...found, sign("→"), sign("?")]
    found.push(sign("→"), result(drawing, said.sum))
    const activation = said.plain ? [] : [sign("→"), curve(drawing, said.activation, said.curve)]
    const norm = said.norm ? [sign("→"), result(drawing, said.norm)] : []
    found.push(...(said.normFirst ? [...norm, ...activation] : [...activation, ...norm]))
  }
  if (said.pooling) {
    if (!said.lone) found.push(sign("→"))
    found.push(grid(drawing, said.pooling.window), sign("="), ...said.pooling.results.map(one => result(drawing, one)))
  }
  return found
}

/**
 * Items broken into lines; a sign stays with the item that follows it.
 *
 * @param {Item[]} found
 * @param {number} width
 */
function broken(found, width) {
  /** @type {Item[][]} */
  const lines = [[]]
  let used = 0
  found.forEach((item, i) => {
    const next = item.breaks && found[i + 1] ? item.width + GAP + found[i + 1].width : item.width
    if (used && used + next > width && !(i && found[i - 1].breaks)) {
      lines.push([])
      used = 0
    }
    lines[lines.length - 1].push(item)
    used += item.width + GAP
  })
  return lines.filter(line => line.length)
}

/**
 * A sentence whose window is too large for numbers, shown as colours only.
 *
 * @param {Sentence} said
 * @returns {Sentence}
 */
function bare(said) {
  const wordless = (/** @type {Matrix} */ matrix) => ({ ...matrix, cells: matrix.cells.map(cell => ({ ...cell, text: "" })) })
  return {
    ...said, channels: said.channels.map(({ kernel, part, products, window }) => ({
      part, window: wordless(window), kernel: wordless(kernel), products: wordless(products),
    })),
  }
}

/**
 * Window × kernel = products, for a grey picture.
 *
 * @param {Drawing} drawing
 * @param {Sentence} said
 * @param {boolean} hidden
 * @returns {Item}
 */
function row(drawing, { channels: [{ kernel, products, window }] }, hidden) {
  const parts = [grid(drawing, window), word(drawing, "×"), grid(drawing, kernel), word(drawing, "="), grid(drawing, products)]
  return beside(hidden && products.cells.length === 1 ? parts.slice(0, 3) : parts)
}

/**
 * The same for each channel, one below another; only the first has labels.
 *
 * @param {Drawing} drawing
 * @param {Sentence} said
 * @param {boolean} hidden
 * @returns {Item}
 */
function rows(drawing, { channels }, hidden) {
  const each = channels.map(({ kernel, part, products, window }, c) => beside([
    grid(drawing, window), word(drawing, "×"), grid(drawing, c ? { ...kernel, label: " " } : kernel), word(drawing, "="),
    grid(drawing, c ? { ...products, label: " " } : products), ...(hidden ? [] : [word(drawing, part, NUMBER)]),
  ]))
  const height = each.reduce((sum, one) => sum + one.height + 4, -4)
  return {
    width: Math.max(...each.map(one => one.width)), height,
    draw(x, y) {
      let top = y
      for (const one of each) {
        one.draw(x, top)
        top += one.height + 4
      }
    },
  }
}
