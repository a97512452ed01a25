// @ts-check
// The arithmetic under the cursor, as a sentence: window × kernel = products → sum + bias →
// activation → pooling window = result.

import { ink, isDark, palette, rgb, signedLevel } from "../core/colour.js"
import { make, makeSvg } from "../core/dom.js"
import { Grid } from "../core/grid.js"
import { adding, decimalsFor, fixed, short } from "../core/numbers.js"
import { activate, extent, isUntouched, laid, touched } from "./arithmetic.js"
import { line } from "./chart.js"
import { isSame, normLines, note, pooledText, signed, sumLines, told, where } from "./panel-words.js"
import { Quiz } from "./quiz.js"

/** @import { Message } from "../core/message.js" */
/** @import { Board } from "./board.js" */
/** @import { Chain, Cursor, Header, Tables } from "./header.js" */
/** @import { Reading } from "./reading.js" */

/** @typedef {{ background: string, color: string }} Ink */
/**
 * @typedef {{ signed: (limit: number) => (value: number) => Ink,
 *   kernel: (limit: number) => (value: number) => Ink, grey: (limit: number) => (value: number) => Ink,
 *   value: (value: number) => Ink }} Colours
 */
/** @typedef {{ element: HTMLElement, window: Grid, kernel: Grid, products: Grid, part: HTMLElement }} Line */

const CHANNELS = ["red", "green", "blue"]
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
    // A line ends where a step of the calculation does; the arrow goes with what it leads to.
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
    this.poolEquals = make("span", "then", pooled, "=")
    this.results = [block(pooled), block(pooled)]
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
    const { chain, channels, features, activated } = reading
    if (!this.board.message) return
    const colours = coloursOf(this.board.message, isDark(this.root) ? "dark" : "light")
    const rounded = this.showChannels(reading, cursor, colours)
    this.showSum(reading)
    this.activation.label.textContent = chain.activationTitle
    this.activation.big.textContent = short(activated)
    this.drawCurve(chain, chain.norm?.place === "before" ? reading.normalised ?? 0 : features)
    this.showNorm(reading)
    this.showPooling(reading, colours)
    const hidden = this.quiz.show(reading, this.board.isHidden(cursor.chain, ...reading.cell))
    this.sum.element.hidden = hidden
    // What does nothing is not shown: a chain may be a lone convolution, or a lone pooling.
    const plain = chain.activation === "none" && !chain.pooling
    this.activationArrow.hidden = this.activation.element.hidden = hidden || plain
    this.normArrow.hidden = this.norm.element.hidden = hidden || !chain.norm
    const lone = Boolean(chain.pooling) && isUntouched(chain)
    this.before.forEach(part => part.classList.toggle("left-out", lone))
    this.note.textContent = note(reading, rounded)
    // The numbers as they are, for whoever wants to check the ones that are written.
    this.root.dataset.reading = JSON.stringify({
      cursor, cell: reading.cell, sums: channels.map(({ sum }) => sum), total: reading.total, features,
      normalised: reading.normalised, activated,
      pooled: reading.pooled?.result ?? null, pooledCell: reading.pooled?.cell ?? null,
      winner: reading.pooled?.winner ?? null,
    })
  }

  /**
   * Write batch normalisation out, on the side of the activation where it stands.
   *
   * @param {Reading} reading
   */
  showNorm({ activated, chain: { norm }, features, normalised }) {
    if (!norm) return
    const [step, activation] = [this.norm.element.parentElement, this.activation.element.parentElement]
    if (step && norm.place === "before") activation?.before(step)
    else if (step) activation?.after(step)
    this.norm.label.textContent = "batch norm: (x − mean) ÷ √(variance + ε), × γ + β"
    this.norm.big.textContent = short(normalised ?? 0)
    const lines = normLines(norm, norm.place === "before" ? features : activated)
    this.norm.small.replaceChildren(...lines.map(text => make("div", "", null, text)))
  }

  /** @param {Reading} reading */
  showSum(reading) {
    const { bias, divisor } = reading.chain
    const decimals = decimalsFor(reading.channels.flatMap(({ taps }) => taps.map(tap => tap.product)))
    this.sum.label.textContent = bias || divisor !== 1 ? "sum ÷ divisor + bias" : "sum + bias"
    this.sum.big.textContent = short(reading.features)
    this.sum.small.replaceChildren(...sumLines(reading, decimals).map(text => make("div", "", null, text)))
  }

  /**
   * Show window × kernel = products for each channel; return whether products have decimals.
   *
   * @param {Reading} reading
   * @param {Cursor} cursor
   * @param {Colours} colours
   */
  showChannels({ cell, chain, channels }, cursor, colours) {
    while (this.lines.length < channels.length) this.lines.push(this.line())
    while (this.lines.length > channels.length) this.lines.pop()?.element.remove()
    const [rows, columns] = extent(chain)
    const weights = channels.flatMap((_, c) => laid(chain, c).flat())
    const taps = channels.flatMap(channel => channel.taps)
    const kernelInk = colours.kernel(Math.max(...weights.map(Math.abs)))
    const productInk = colours.signed(Math.max(...taps.map(tap => Math.abs(tap.product))))
    const [valueDigits, weightDigits] = [digits(taps.map(tap => tap.value)), digits(weights)]
    const several = channels.length > 1
    channels.forEach(({ taps, sum }, c) => {
      const { window, kernel, products, part } = this.lines[c]
      const decimals = decimalsFor(taps.map(tap => tap.product))
      const written = adding(taps.map(tap => tap.product), sum, decimals)
      window.label.textContent = several ? CHANNELS[c] : "window of the input"
      // Of several lines the first says what stands in all of them.
      products.label.hidden = kernel.label.hidden = c > 0
      kernel.label.textContent =
        chain.kernelLabel + (chain.divisor === 1 ? "" : `, ÷ ${short(chain.divisor)}`)
      window.fill(rows, columns, taps.map(tap => ({
        text: fixed(tap.value, valueDigits), ...colours.value(tap.value), kind: tap.outside ? "padded" : "",
        title: where(tap, chain.mode),
      })))
      kernel.fill(rows, columns, laid(chain, c).flat().map(weight => ({
        text: fixed(weight, weightDigits), ...kernelInk(weight),
      })))
      products.fill(rows, columns, taps.map(({ product }, i) => ({
        text: signed(fixed(written.terms[i], decimals)), ...productInk(product),
      })))
      part.hidden = !several || taps.length === 1 || this.board.isHidden(cursor.chain, ...cell)
      part.textContent = several ? `= ${fixed(written.sum, decimals)}` : ""
    })
    return channels.some(({ taps }) => decimalsFor(taps.map(tap => tap.product)) > 0)
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

  /**
   * @param {Chain} chain
   * @param {number} value
   */
  drawCurve(chain, value) {
    const reach = Math.max(1.5 * Math.abs(value), chain.bounded ? 6 : 1)
    const [width, height] = [CURVE_WIDTH, CURVE_HEIGHT]
    const xs = Array.from({ length: 47 }, (_, i) => (i / 23 - 1) * reach)
    const ys = xs.map(x => activate(chain, x))
    const [low, high] = [Math.min(0, ...ys), Math.max(0, ...ys)]
    const x = (/** @type {number} */ value) => ((value / reach + 1) / 2) * width
    const y = (/** @type {number} */ value) => height - 3 - ((value - low) / (high - low || 1)) * (height - 6)
    this.curve.replaceChildren(
      makeSvg("path", { class: "axis", d: `M0 ${y(0)}H${width}M${x(0)} 0V${height}` }),
      makeSvg("path", { class: "curve", d: line(xs.map(x), ys.map(y)) }),
      makeSvg("circle", { class: "dot", cx: x(value), cy: y(activate(chain, value)), r: 4 }),
    )
  }

  /**
   * @param {Reading} reading
   * @param {Colours} colours
   */
  showPooling({ chain, pooled, poolings, cell }, colours) {
    for (const part of [this.poolArrow, this.window.element, this.poolEquals]) part.hidden = !pooled
    this.results.forEach(({ element }, i) => { element.hidden = !poolings[i] })
    const { pooling } = chain
    if (!pooled || !pooling) return
    const [rows, columns] = pooling.window
    const { winner } = poolings.find(each => each.winner >= 0) ?? pooled
    const [lone, compared] = [isUntouched(chain), poolings.length > 1]
    const limit = Math.max(...pooled.cells.filter(({ outside }) => !outside).map(({ value }) => Math.abs(value)))
    const grey = this.board.message?.header.panes.some(pane => pane.role === "pooling" && pane.grey)
    const valueInk = lone ? colours.value : (grey ? colours.grey : colours.signed)(limit)
    const what = compared ? "" : pooling.kind === "max" ? "maximum of " : "mean of "
    this.window.label.textContent = `${what}this ${rows} × ${columns} window`
    this.window.fill(rows, columns, pooled.cells.map((each, i) => ({
      text: pooledText(each, pooling),
      ...(each.outside ? {} : valueInk(each.value)),
      kind: [each.outside && "padded", i === winner && "winner", isSame(each.at, cell) && "here"].filter(Boolean).join(" "),
    })))
    poolings.forEach(({ count, kind, result, sum }, i) => {
      const { label, big, small } = this.results[i]
      label.textContent = !compared ? "pooled" : kind === "max" ? "largest" : "mean"
      big.textContent = short(result)
      small.textContent = kind === "max" ? "" : `${short(sum)} ÷ ${count}`
    })
  }

  /**
   * Say the cell to those who listen, after a key has moved the cursor.
   *
   * @param {Reading} reading
   */
  speak(reading) {
    this.spoken.textContent = told(reading)
  }
}

/**
 * A number with what it is above it, and what it is made of below.
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
 * How many decimals the values of a window, or the weights of a kernel, are written with.
 *
 * @param {number[]} values
 */
const digits = values => (values.every(Number.isInteger) ? 0 : Math.max(2, decimalsFor(values) - 1))

/**
 * @param {Message<Header>} message
 * @param {keyof Tables} theme
 * @returns {Colours}
 */
function coloursOf({ header: { input, kernelTable, table }, plane }, theme) {
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
