// The arithmetic under the cursor, as a sentence: window × kernel = products → sum + bias →
// activation → pooling window = result.

import { activate, extent, isUntouched, laid, touched } from "./arithmetic.js"
import { ink, isDark, palette } from "../core/colour.js"
import { Quiz } from "./quiz.js"
import { Grid } from "../core/grid.js"
import { adding, decimalsFor, fixed, short } from "../core/numbers.js"

const CHANNELS = ["red", "green", "blue"]
const MOST_TERMS = 12
const DIGITS = 6 // of a result
const SVG = "http://www.w3.org/2000/svg"

const make = (tag, name, parent, text = "") => {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  parent?.append(element)
  return element
}

const signed = text => (/^[−0]/.test(text) && Number(text.replace("−", "-")) <= 0 ? text : `+${text}`)

export class Panel {
  constructor(root, board) {
    this.board = board
    this.root = root
    const line = make("div", "sentence", root)
    this.channels = make("div", "channels", line)
    this.lines = []
    make("span", "then", line, "→")
    const asked = make("div", "block", line)
    this.quiz = new Quiz(asked, board)
    const sum = (this.sumBlock = make("div", "block", line))
    this.sumLabel = make("div", "label", sum)
    this.sum = make("div", "big", sum)
    this.terms = make("div", "small", sum)
    this.activationArrow = make("span", "then", line, "→")
    const activation = (this.activationBlock = make("div", "block", line))
    this.activationLabel = make("div", "label", activation)
    this.activated = make("div", "big", activation)
    this.curve = activation.appendChild(document.createElementNS(SVG, "svg"))
    this.poolArrow = make("span", "then", line, "→")
    this.before = [...line.children]
    this.window = new Grid("")
    line.append(this.window.element)
    this.poolEquals = make("span", "then", line, "=")
    this.results = [0, 1].map(() => {
      const block = make("div", "block", line)
      const [label, pooled, sum] = ["label", "big", "small"].map(name => make("div", name, block))
      return { block, label, pooled, sum }
    })
    this.note = make("p", "note", root)
    this.spoken = make("p", "spoken", root)
    this.spoken.setAttribute("aria-live", "polite")
  }

  colours() {
    const { header, plane } = this.board.message
    const theme = isDark(this.root) ? "dark" : "light"
    const table = name => palette(plane(header[name][theme], 3 * 256))
    const scale = (colours, limit) => value =>
      ink(colours[Math.round(127 + 127 * Math.max(-1, Math.min(1, value / (limit || 1))))])
    return {
      product: limit => scale(table("table"), limit),
      kernel: limit => scale(table("kernelTable"), limit),
      value: value => {
        const { black, white } = header.input
        const grey = Math.round((255 * (value - black)) / (white - black))
        const level = Math.max(0, Math.min(255, grey))
        return ink(level | (level << 8) | (level << 16))
      },
    }
  }

  /** Show the arithmetic of a reading (see board.js). */
  show(reading, cursor) {
    const { chain, channels, total, features, activated } = reading
    const colours = this.colours()
    const rounded = this.showChannels(reading, cursor, colours)
    const decimals = decimalsFor(channels.flatMap(({ taps }) => taps.map(tap => tap.product)))
    this.sumLabel.textContent = chain.bias || chain.divisor !== 1 ? "sum, ÷, bias" : "sum + bias"
    this.sum.textContent = short(features, DIGITS)
    this.terms.replaceChildren(...this.sumLines(reading, decimals).map(text => make("div", "", null, text)))
    this.activationLabel.textContent = chain.activationTitle
    this.activated.textContent = short(activated, DIGITS)
    this.drawCurve(chain, features)
    this.showPooling(reading, colours)
    const hidden = this.quiz.show(reading, this.board.isHidden(cursor.chain, ...reading.cell))
    this.sumBlock.hidden = hidden
    // What does nothing is not shown: a chain may be a lone convolution.
    const plain = chain.activation === "none" && !chain.pooling
    this.activationArrow.hidden = this.activationBlock.hidden = hidden || plain
    const lone = Boolean(chain.pooling) && isUntouched(chain) // a lone pooling
    this.before.forEach(part => part.classList.toggle("left-out", lone))
    const inexact = [features, activated].some(value => short(value, DIGITS) !== short(value, 17))
    this.note.textContent = [
      rounded || inexact ? "Rounded: products and sum show the same digits, so that they add up." : "",
      this.paddingNote(reading),
      lone && !reading.pooled ? "No window reads this cell." : "",
    ].filter(Boolean).join(" ")
    // The numbers as they are, for whoever wants to check the ones that are written.
    this.root.dataset.reading = JSON.stringify({
      cursor, cell: reading.cell, sums: channels.map(({ sum }) => sum), total, features, activated,
      pooled: reading.pooled?.result ?? null, pooledCell: reading.pooled?.cell ?? null,
      winner: reading.pooled?.winner ?? null,
    })
  }

  showChannels({ cell, chain, channels }, cursor, colours) {
    while (this.lines.length < channels.length) this.lines.push(this.line(this.lines.length))
    while (this.lines.length > channels.length) this.lines.pop().element.remove()
    const [rows, columns] = extent(chain)
    const all = channels.flatMap((_, c) => laid(chain, c).flat())
    const strongest = Math.max(...all.map(Math.abs))
    const heaviest = Math.max(...channels.flatMap(({ taps }) => taps.map(tap => Math.abs(tap.product))))
    const several = channels.length > 1
    const values = channels.flatMap(({ taps }) => taps.map(tap => tap.value))
    const digits = list => (list.every(Number.isInteger) ? 0 : Math.max(2, decimalsFor(list) - 1))
    let rounded = false
    channels.forEach(({ taps, sum }, c) => {
      const line = this.lines[c]
      const decimals = decimalsFor(taps.map(tap => tap.product))
      const written = adding(taps.map(tap => tap.product), sum, decimals)
      rounded ||= decimals > 0
      line.window.label.textContent = several ? CHANNELS[c] : "window of the input"
      line.kernel.label.textContent =
        `kernel ${chain.title === "Kernel" ? "" : chain.title}${chain.divisor === 1 ? "" : `, ÷ ${short(chain.divisor)}`}`
      line.window.fill(rows, columns, taps.map(({ value, outside, at, from }) => ({
        text: fixed(value, digits(values)), ...colours.value(value), kind: outside ? "padded" : "",
        title: where(at, from, chain.mode),
      })))
      line.kernel.fill(rows, columns, laid(chain, c).flat().map(weight => ({
        text: fixed(weight, digits(all)), ...colours.kernel(strongest)(weight),
      })))
      line.products.fill(rows, columns, taps.map(({ product }, i) => ({
        text: signed(fixed(written.terms[i], decimals)), ...colours.product(heaviest)(product),
      })))
      line.part.hidden = !several || this.board.isHidden(cursor.chain, ...cell)
      line.part.textContent = several ? `= ${fixed(written.sum, decimals)}` : ""
    })
    return rounded
  }

  line() {
    const element = make("div", "channel", this.channels)
    const [window, kernel, products] = ["window of the input", "kernel", "products"].map(label => new Grid(label))
    element.append(window.element, make("span", "then", null, "×"), kernel.element, make("span", "then", null, "="), products.element)
    const part = make("span", "part", element)
    kernel.onCell = place => {
      const { chain } = this.board.reading
      this.board.touch(place && [touched(chain, 0, place[0]), touched(chain, 1, place[1])])
    }
    return { element, window, kernel, products, part }
  }

  /** The sum in words and signs: the terms, the division, the bias. */
  sumLines({ chain, channels, total }, decimals) {
    const lines = []
    if (channels.length > 1) {
      const parts = adding(channels.map(({ sum }) => sum), total, decimals)
      lines.push(terms(parts.terms, decimals) + ` = ${fixed(parts.sum, decimals)}`)
    } else {
      const { taps } = channels[0]
      const { terms: products, sum } = adding(taps.map(tap => tap.product), total, decimals)
      const shown = products.filter(product => product !== 0)
      const text = shown.length > MOST_TERMS ? `${shown.length} products` : terms(shown, decimals)
      lines.push(chain.divisor === 1 && !chain.bias ? text : `${text} = ${fixed(sum, decimals)}`)
    }
    if (chain.divisor !== 1) lines.push(`÷ ${short(chain.divisor)} = ${short(total / chain.divisor, DIGITS)}`)
    lines.push(`bias ${chain.bias < 0 ? "−" : "+"} ${short(Math.abs(chain.bias))}`)
    return lines
  }

  drawCurve(chain, value) {
    const reach = Math.max(1.5 * Math.abs(value), chain.bounded ? 6 : 1)
    const [width, height] = [92, 44]
    const xs = Array.from({ length: 47 }, (_, i) => (i / 23 - 1) * reach)
    const ys = xs.map(x => activate(chain, x))
    const [low, high] = [Math.min(0, ...ys), Math.max(0, ...ys)]
    const x = value => ((value / reach + 1) / 2) * width
    const y = value => height - 3 - ((value - low) / (high - low || 1)) * (height - 6)
    const path = xs.map((value, i) => `${i ? "L" : "M"}${x(value).toFixed(1)} ${y(ys[i]).toFixed(1)}`).join("")
    this.curve.setAttribute("viewBox", `0 0 ${width} ${height}`)
    this.curve.setAttribute("aria-hidden", "true")
    const parts = [
      ["path", { class: "axis", d: `M0 ${y(0)}H${width}M${x(0)} 0V${height}` }],
      ["path", { class: "curve", d: path }],
      ["circle", { class: "dot", cx: x(value), cy: y(activate(chain, value)), r: 4 }],
    ]
    this.curve.replaceChildren(...parts.map(([tag, attributes]) => {
      const part = document.createElementNS(SVG, tag)
      for (const [name, text] of Object.entries(attributes)) part.setAttribute(name, text)
      return part
    }))
  }

  showPooling({ chain, pooled, poolings, cell }, colours) {
    for (const part of [this.poolArrow, this.window.element, this.poolEquals]) part.hidden = !pooled
    this.results.forEach(({ block }, i) => { block.hidden = !poolings[i] })
    if (!pooled) return
    const { window: [rows, columns], kind } = chain.pooling
    const { winner } = poolings.find(each => each.winner >= 0) ?? pooled
    const lone = isUntouched(chain)
    const inside = pooled.cells.filter(({ outside }) => !outside).map(({ value }) => value)
    const limit = Math.max(...inside.map(Math.abs))
    const name = poolings.length > 1 ? "the window" : kind === "max" ? "max" : "mean"
    this.window.label.textContent = `${name} of ${lone || poolings.length > 1 ? "" : "its "}${rows} × ${columns}`
    this.window.fill(rows, columns, pooled.cells.map(({ at, outside, beyond, value }, i) => ({
      text: outside ? (kind === "max" || beyond || !chain.pooling.include ? "–" : "0") : short(value, 3),
      ...(outside ? {} : lone ? colours.value(value) : colours.product(limit)(value)),
      kind: [outside && "padded", i === winner && "winner", `${at}` === `${cell}` && "here"].filter(Boolean).join(" "),
    })))
    poolings.forEach(({ count, kind, result, sum }, i) => {
      const part = this.results[i]
      part.label.textContent = poolings.length === 1 ? "pooled" : kind === "max" ? "largest" : "mean"
      part.pooled.textContent = short(result, DIGITS)
      part.sum.textContent = kind === "max" ? "" : `${short(sum, DIGITS)} ÷ ${count}`
    })
  }

  paddingNote({ chain, channels }) {
    const added = channels[0].taps.filter(tap => tap.outside)
    if (!added.length) return ""
    const one = added.length === 1
    const lie = `${one ? "One cell" : `${added.length} cells`} of the window ${one ? "lies" : "lie"} in the padding`
    if (chain.mode === "zeros") return `${lie} and ${one ? "holds" : "hold"} 0.`
    const [{ at, from }] = added
    return `${lie} (${chain.mode}): ` +
      `row ${at[0]}, column ${at[1]} takes its value from row ${from[0]}, column ${from[1]}.`
  }

  /** Say the cell to those who listen, after a key has moved the cursor. */
  speak({ chain, cell, channels, features, activated, pooled, poolings }) {
    if (pooled && isUntouched(chain)) {
      const told = poolings.map(({ kind, result }) => `${kind === "max" ? "largest" : "mean"} ${short(result, DIGITS)}`)
      this.spoken.textContent = `Pooled row ${pooled.cell[0]}, column ${pooled.cell[1]}: ${told.join(", ")}.`
      return
    }
    const products = channels.flatMap(({ taps }) => taps).filter(tap => tap.product !== 0)
    const sum = products.slice(0, MOST_TERMS).map(tap => `${short(tap.value)} × ${short(tap.weight)}`).join(" + ")
    const more = products.length > MOST_TERMS ? ` and ${products.length - MOST_TERMS} more` : ""
    this.spoken.textContent =
      `Row ${cell[0]}, column ${cell[1]}: ${sum || "0"}${more} = ${short(features, DIGITS)}. ` +
      `${chain.activationTitle}: ${short(activated, DIGITS)}.` + (pooled ? ` Pooled: ${short(pooled.result, DIGITS)}.` : "")
  }
}

const terms = (values, decimals) =>
  values.map((value, i) => {
    const text = fixed(Math.abs(value), decimals)
    return value < 0 ? `− ${text}` : i ? `+ ${text}` : text
  }).join(" ") || "0"

function where([row, column], from, mode) {
  const place = `row ${row}, column ${column}`
  if (!from) return `${place}: padding, 0`
  if (from[0] === row && from[1] === column) return place
  return `${place}: padding (${mode}), from row ${from[0]}, column ${from[1]}`
}
