// @ts-check
// The arithmetic of a cell in a figure: the sentence of the panel, in grids and words.

import { AMBER } from "../core/overlay.js"
import { short } from "../core/numbers.js"
import { laid } from "../maps/arithmetic.js"
import { line } from "../maps/chart.js"
import { CHANNELS, coloursOf } from "../maps/sentence.js"
import { widthOf, wrapped } from "./svg.js"

/** @import { Cell } from "../core/grid.js" */
/** @import { Message } from "../core/message.js" */
/** @import { Chain, Header } from "../maps/header.js" */
/** @import { Curve, Matrix, Result, Sentence } from "../maps/sentence.js" */
/** @import { Drawing } from "./svg.js" */
/** @typedef {{ width: number, height: number, draw: (x: number, y: number) => void, breaks?: boolean }} Item */

const [NUMBER, LABEL, BIG, LINES] = [15, 12, 26, 14] // sizes of letters
const [SHORT, LONG] = [190, 330] // how wide the lines below a number are: of a sum, of batch normalisation
const [GAP, AFTER] = [14, 16] // between items, and between lines of them
const DENSE = 7 // rows or columns, from which numbers are small
const MOST = 15 // rows or columns whose numbers are written
const BARE = 240 // of the side of a grid without numbers
const HEAD = LABEL + 7 // above a grid
const SIGN = 22

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
 * Draw the kernels of chains beside one another; returns how high they are.
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
 * What a sentence consists of, from left to right.
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
 * Items in lines; a sign goes with what it leads to.
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
 * A sentence whose numbers of the window have no room, and are colours alone.
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
 * Window × kernel = products of a picture in grey.
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
 * The same for each channel, below one another; the first says what stands in all of them.
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

/**
 * @param {Item[]} parts
 * @returns {Item}
 */
function beside(parts) {
  const height = Math.max(...parts.map(part => part.height))
  return {
    width: parts.reduce((sum, part) => sum + part.width + 8, -8), height,
    draw(x, y) {
      let left = x
      for (const part of parts) {
        part.draw(left, y + (part.height < height ? HEAD + (height - HEAD - part.height) / 2 : 0))
        left += part.width + 8
      }
    },
  }
}

/**
 * @param {Drawing} drawing
 * @param {string} text
 * @param {number} [size]
 * @returns {Item}
 */
function word(drawing, text, size = SIGN) {
  return {
    width: Math.max(size * 0.8, widthOf(text, size)), height: size, breaks: text === "→" || text === "=",
    draw: (x, y) => drawing.text(text, x, y + size * 0.82, size, { colour: size === SIGN ? drawing.look.quiet : drawing.look.ink }),
  }
}

/**
 * A grid of numbers in colours, with what it is above it.
 *
 * @param {Drawing} drawing
 * @param {Matrix} matrix
 * @returns {Item}
 */
function grid(drawing, { cells, columns, label, rows }) {
  const most = Math.max(rows, columns)
  const written = most <= MOST && cells.some(({ text }) => text)
  const size = most > DENSE ? 11 : NUMBER
  const longest = Math.max(...cells.map(({ text }) => widthOf(text, size)))
  const wide = written ? Math.max(2.4 * size, longest + 0.7 * size) : BARE / most
  const high = written ? 1.9 * size : BARE / most
  const gap = written ? 2 : 0
  const width = Math.max(columns * (wide + gap) - gap, widthOf(label, LABEL))
  return {
    width, height: HEAD + rows * (high + gap) - gap,
    draw(x, y) {
      drawing.text(label, x, y + LABEL - 1, LABEL, { colour: drawing.look.quiet })
      cells.forEach((cell, i) => drawCell(drawing, cell, [
        x + (i % columns) * (wide + gap), y + HEAD + Math.floor(i / columns) * (high + gap), wide, high,
      ], written ? size : 0))
    },
  }
}

/**
 * @param {Drawing} drawing
 * @param {Cell} cell
 * @param {import("./svg.js").Box} box
 * @param {number} size Of its number; 0 for none.
 */
function drawCell(drawing, { background = "", color = "", kind = "", text }, box, size) {
  const kinds = kind.split(" ")
  const [x, y, width, height] = box
  const round = { rx: size ? 4 : 0 }
  /** @type {Record<string, string>} */
  const edge = size ? { stroke: drawing.look.line } : {} // what is white on white paper has one
  drawing.rect(box, { fill: background || drawing.look.cell, ...edge, ...round })
  const inset = (/** @type {number} */ by) => /** @type {const} */ ([x + by, y + by, width - 2 * by, height - 2 * by])
  if (kinds.includes("padded")) {
    drawing.rect(box, { fill: `url(#${drawing.hatch("#808ca0")})`, "fill-opacity": 0.45, ...round })
    drawing.rect([...inset(1)], { fill: "none", stroke: drawing.look.quiet, "stroke-dasharray": "3 2", ...round })
  }
  if (kinds.includes("winner")) drawing.rect([...inset(1.25)], { fill: "none", stroke: AMBER, "stroke-width": 2.5, ...round })
  else if (kinds.includes("here")) drawing.rect([...inset(1)], { fill: "none", stroke: drawing.look.quiet, "stroke-width": 2, ...round })
  if (!size) return
  drawing.text(text, x + width / 2, y + height / 2 + size * 0.36, size, {
    anchor: "middle", colour: color || drawing.look.ink, bold: kinds.includes("winner"),
  })
}

/**
 * A number with what it is above it, and what it is made of below.
 *
 * @param {Drawing} drawing
 * @param {Result} result
 * @returns {Item}
 */
function result(drawing, { big, label, lines: whole }) {
  const lines = whole.flatMap(text => wrapped(text, LINES, label.startsWith("batch") ? LONG : SHORT))
  const width = Math.max(widthOf(big, 1.1 * BIG), widthOf(label, LABEL), ...lines.map(text => widthOf(text, LINES)))
  return {
    width, height: HEAD + BIG + lines.length * (LINES + 4),
    draw(x, y) {
      drawing.text(label, x, y + LABEL - 1, LABEL, { colour: drawing.look.quiet })
      drawing.text(big, x, y + HEAD + BIG * 0.78, BIG, { bold: true })
      lines.forEach((text, i) =>
        drawing.text(text, x, y + HEAD + BIG + LINES + i * (LINES + 4), LINES, { colour: drawing.look.quiet }))
    },
  }
}

/**
 * The answer of an activation, with its curve below.
 *
 * @param {Drawing} drawing
 * @param {Result} activation
 * @param {Curve} curve
 * @returns {Item}
 */
function curve(drawing, activation, { answer, value, xs, ys }) {
  const above = result(drawing, activation)
  const [width, height] = [72, 46]
  const [low, high, reach] = [Math.min(0, ...ys), Math.max(0, ...ys), xs[xs.length - 1]]
  return {
    width: Math.max(above.width, width), height: above.height + 8 + height,
    draw(x, y) {
      above.draw(x, y)
      const top = y + above.height + 8
      const across = (/** @type {number} */ value) => x + ((value / reach + 1) / 2) * width
      const down = (/** @type {number} */ value) => top + height - 3 - ((value - low) / (high - low || 1)) * (height - 6)
      drawing.add("path", { d: `M${x} ${down(0).toFixed(1)}h${width}M${x + width / 2} ${top}v${height}`, stroke: drawing.look.line, fill: "none" })
      drawing.add("path", { d: line(xs.map(across), ys.map(down)), stroke: drawing.look.accent, "stroke-width": 2, fill: "none" })
      drawing.add("circle", { cx: across(value), cy: down(answer), r: 4, fill: AMBER, stroke: "#7a5600" })
    },
  }
}
