// @ts-check
// The panel below the maps, which writes the arithmetic of the cell under the cursor.

import { make, makeSvg } from "../core/dom.js"
import { Grid } from "../core/grid.js"
import { touched } from "./arithmetic.js"
import { line } from "./chart.js"
import { coloursOf, isPooledInGrey, sentence } from "./panel-sentence.js"
import { told } from "./panel-words.js"
import { Quiz } from "./quiz.js"

/** @import { Board } from "./board.js" */
/** @import { Cursor } from "./header.js" */
/** @import { Reading } from "./reading.js" */
/** @import { Matrix, Result, Sentence } from "./panel-sentence.js" */

/** @typedef {{ element: HTMLElement, window: Grid, kernel: Grid, products: Grid, part: HTMLElement }} Line */

const [CURVE_WIDTH, CURVE_HEIGHT] = [64, 44]

export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {Board} board
   */
  constructor(root, board) {
    this.board = board
    this.root = root
    const sentence = make("div", "sentence", root)
    // A line breaks between steps of the calculation; an arrow stays with the step it leads to.
    const [taken, added, activated, normed, pooled] = Array.from({ length: 5 }, () => make("div", "step", sentence))
    this.channels = make("div", "channels", taken)
    /** @type {Line[]} */
    this.lines = []
    make("span", "then", added, "→")
    const asked = make("div", "block", added)
    this.quiz = new Quiz(asked, board)
    this.sum = block(added)
    this.activationArrow = make("span", "then", activated, "→")
    this.curve = makeSvg("svg", { viewBox: `0 0 ${CURVE_WIDTH} ${CURVE_HEIGHT}`, "aria-hidden": "true" })
    this.activation = block(activated, this.curve)
    this.normArrow = make("span", "then", normed, "→")
    this.norm = block(normed)
    this.norm.small.classList.add("long")
    this.poolArrow = make("span", "then", pooled, "→")
    this.before = [taken, added, activated, normed, this.poolArrow]
    this.window = new Grid("")
    pooled.append(this.window.element)
    pooled.classList.add("pooling")
    const results = make("div", "results", pooled) // on the next line, if the window leaves no room for them
    this.poolEquals = make("span", "then", results, "=")
    const answers = make("div", "answers", results)
    this.results = [block(answers), block(answers)]
    this.note = make("p", "note", root)
    this.spoken = make("p", "spoken", root)
    this.spoken.setAttribute("aria-live", "polite")
  }

  /**
   * Show the arithmetic of a reading.
   *
   * @param {Reading} reading
   * @param {Cursor} cursor
   */
  show(reading, cursor) {
    const { channels, features, activated } = reading
    const { message } = this.board
    if (!message) return
    const grey = isPooledInGrey(message.header, cursor.chain)
    const said = sentence(reading, coloursOf(message, this.board.themes.of(message, this.root).theme), grey)
    const hidden = this.quiz.show(reading, this.board.predictions.hides(cursor.chain, ...reading.cell))
    this.showChannels(said, hidden)
    write(this.sum, { ...said.sum, lines: said.sum.lines.map(joined) })
    this.sum.small.classList.toggle("long", said.plain) // nothing has to be beside it
    write(this.activation, said.activation)
    this.drawCurve(said.curve)
    if (said.norm) this.showNorm(said.norm, said.normFirst)
    this.showPooling(said)
    this.sum.element.hidden = hidden
    // Steps that do nothing are hidden: a chain may be just a convolution, or just a pooling.
    this.activationArrow.hidden = this.activation.element.hidden = hidden || said.plain
    this.normArrow.hidden = this.norm.element.hidden = hidden || !said.norm
    this.before.forEach(part => part.classList.toggle("left-out", said.lone))
    this.note.textContent = said.note
    // The exact numbers, for tests that check the ones written out.
    this.root.dataset.reading = JSON.stringify({
      cursor, cell: reading.cell, sums: channels.map(({ sum }) => sum), total: reading.total, features,
      normalised: reading.normalised, activated,
      pooled: reading.pooled?.result ?? null, pooledCell: reading.pooled?.cell ?? null,
      winner: reading.pooled?.winner ?? null,
    })
  }

  /**
   * Write batch normalisation out, on its side of the activation.
   *
   * @param {Result} norm
   * @param {boolean} before
   */
  showNorm(norm, before) {
    const [step, activation] = [this.norm.element.parentElement, this.activation.element.parentElement]
    if (step && before) activation?.before(step)
    else if (step) activation?.after(step)
    write(this.norm, norm)
  }

  /**
   * Show window × kernel = products for each channel.
   *
   * @param {Sentence} said
   * @param {boolean} hidden Whether the answer is to be predicted.
   */
  showChannels({ channels }, hidden) {
    while (this.lines.length < channels.length) this.lines.push(this.line())
    while (this.lines.length > channels.length) this.lines.pop()?.element.remove()
    channels.forEach((one, c) => {
      const { window, kernel, products, part } = this.lines[c]
      lay(window, one.window)
      lay(kernel, one.kernel)
      lay(products, one.products)
      // Only the first of several lines has labels.
      products.label.hidden = kernel.label.hidden = c > 0
      part.hidden = !one.part || one.products.cells.length === 1 || hidden
      part.textContent = one.part
    })
  }

  /** @returns {Line} */
  line() {
    const element = make("div", "channel", this.channels)
    const [window, kernel, products] = ["window of the input", "kernel", "products"].map(label => new Grid(label))
    element.append(window.element)
    // A line that is too long ends before × or =.
    const [by, made] = ["×", "="].map(sign => {
      const step = make("div", "step", element)
      make("span", "then", step, sign)
      return step
    })
    by.append(kernel.element)
    made.append(products.element)
    const part = make("span", "part", made)
    kernel.onCell = place => {
      const { reading } = this.board
      if (reading) this.board.touch(place && [touched(reading.chain, 0, place[0]), touched(reading.chain, 1, place[1])])
    }
    return { element, window, kernel, products, part }
  }

  /** @param {Sentence["curve"]} curve */
  drawCurve({ answer, value, xs, ys }) {
    const [width, height] = [CURVE_WIDTH, CURVE_HEIGHT]
    const [low, high, reach] = [Math.min(0, ...ys), Math.max(0, ...ys), xs[xs.length - 1]]
    const x = (/** @type {number} */ value) => ((value / reach + 1) / 2) * width
    const y = (/** @type {number} */ value) => height - 3 - ((value - low) / (high - low || 1)) * (height - 6)
    this.curve.replaceChildren(
      makeSvg("path", { class: "axis", d: `M0 ${y(0)}H${width}M${x(0)} 0V${height}` }),
      makeSvg("path", { class: "curve", d: line(xs.map(x), ys.map(y)) }),
      makeSvg("circle", { class: "dot", cx: x(value), cy: y(answer), r: 4 }),
    )
  }

  /** @param {Sentence} said */
  showPooling({ pooling }) {
    for (const part of [this.poolArrow, this.window.element, this.poolEquals]) part.hidden = !pooling
    this.results.forEach(({ element }, i) => { element.hidden = !pooling?.results[i] })
    if (!pooling) return
    lay(this.window, pooling.window)
    pooling.results.forEach((result, i) => write(this.results[i], result))
  }

  /**
   * Announce the cell to screen readers, after a key has moved the cursor.
   *
   * @param {Reading} reading
   */
  speak(reading) {
    this.spoken.textContent = told(reading)
  }
}

/**
 * A number with its label above, and how it is computed below.
 *
 * @param {HTMLElement} parent
 * @param {Element} [small]
 */
function block(parent, small = make("div", "small")) {
  const element = make("div", "block", parent)
  const [label, big] = ["label", "big"].map(name => make("div", name, element))
  element.append(small)
  return { element, label, big, small }
}

/**
 * Fill a grid with its cells, and write its label above it.
 *
 * @param {Grid} grid
 * @param {Matrix} matrix
 */
function lay(grid, { cells, columns, label, rows }) {
  grid.label.textContent = label
  grid.fill(rows, columns, cells)
}

/**
 * A sum in which no line breaks between a sign and its term.
 *
 * @param {string} text
 */
const joined = text => text.replace(/([+−=÷]) /g, "$1\u00a0")

/**
 * Write a number, its label above, and how it is computed below.
 *
 * @param {ReturnType<typeof block>} place
 * @param {Result} result
 */
function write({ label, big, small }, result) {
  label.textContent = result.label
  big.textContent = result.big
  if (small instanceof HTMLElement) small.replaceChildren(...result.lines.map(text => make("div", "", null, text)))
}
