// @ts-check
// A question as the class sees it: type a number, tap the picture, choose an option, make a kernel.

import { arrow, describe, make, makeButton, setAttributes, setText } from "../core/dom.js"
import { Grid } from "../core/grid.js"
import { short, sign, typed } from "../core/numbers.js"
import { laid } from "../maps/arithmetic.js"
import { board } from "../maps/boards.js"
import { read } from "../maps/reading.js"
import { placeWords, titleOf } from "./askable.js"
import { Picture } from "./board-picture.js"

/** @import { Place as Tap } from "./board-picture.js" */
/** @import { Place } from "./askable.js" */
/** @typedef {Record<string, any>} Said */
/**
 * @typedef {object} Form
 * @property {(mine: any) => void} show Show an answer as one's own.
 * @property {() => void} [draw] The maps have come, or changed.
 * @property {() => void} [end]
 */
/**
 * @typedef {Form & { tell: (sentence: string) => void }} WholeForm With a line for the fate of the answer.
 */

const [LEAST, MOST] = [-99, 99] // the range of a kernel's cell
const GONE = "that map"

/**
 * The question, in the teacher's words or in ours.
 *
 * @param {Said} question
 * @param {boolean} [hasMoved] The map that was asked about is no longer on the screen: one in its place may
 *   have another name.
 */
export function asked(question, hasMoved = false) {
  const { kind, pane, text } = question
  if (text) return text
  const map = /** @type {Place} */ (question)
  const title = hasMoved ? GONE : titleOf(map)
  if (kind === "number") return `What will ${title} be${placeWords(map)}?`
  if (kind === "point") return `Where will ${title} be strongest? Tap the picture.`
  if (kind === "draw") return pane === null ? "Make a kernel of your own." : `Which kernel turns the picture into ${mapCalled(title)}?`
  return "Which one?"
}

/** @param {string} title */
const mapCalled = title => (["this map", GONE].includes(title) ? title : `the map “${title}”`)

/**
 * Draw the form for a question into an element. It stays there until the question closes, with the focus
 * and what has been typed.
 *
 * @param {HTMLElement} root
 * @param {Said} question
 * @param {(value: unknown) => void} send
 * @returns {WholeForm}
 */
export function drawForm(root, question, send) {
  root.replaceChildren()
  const form = make("form", "answer", root)
  const foot = make("p", "said")
  foot.setAttribute("role", "status")
  const draw = { number, point, choose, draw: kernel }[/** @type {"number"} */ (question.kind)]
  /** @type {Form} */
  const made = draw(form, question, send, foot)
  form.append(foot)
  made.draw?.()
  return { ...made, tell: sentence => setText(foot, sentence) }
}

/**
 * The window and the kernel, or the pooling window, that the cell is computed from.
 *
 * @param {HTMLElement} line
 * @param {Said} question
 */
function arithmetic(line, { board: name, column, pane, row }) {
  line.replaceChildren()
  const { input, message } = board(name)
  const header = message?.header.panes[pane]
  const chain = message?.header.chains[header?.chain ?? 0]
  if (!message || !header || !input || !chain) return
  const { channels, pooled } = read(message.header, chain, input, { stage: header.stage, row, column, chain: header.chain ?? 0 })
  const grid = (/** @type {string} */ label, /** @type {number[][]} */ rows) => {
    const made = new Grid(label)
    made.fill(rows.length, rows[0].length, rows.flat().map(value => ({ text: short(value, 4) })))
    line.append(made.element)
  }
  if (header.stage === 3 && pooled) {
    const [, across] = chain.pooling?.window ?? [1, 1]
    const cells = pooled.cells.map(({ value }) => value)
    grid(pooled.kind === "max" ? "largest of" : "mean of", Array.from({ length: cells.length / across }, (_, i) => cells.slice(i * across, (i + 1) * across)))
    return
  }
  channels.forEach(({ taps }, c) => {
    const weights = laid(chain, c)
    const across = weights[0].length
    grid("window", weights.map((_, i) => taps.slice(i * across, (i + 1) * across).map(({ value }) => value)))
    make("span", "then", line, "×")
    grid(chain.divisor === 1 ? "kernel" : `kernel, ÷ ${short(chain.divisor)}`, weights)
  })
  if (chain.bias) make("span", "then", line, `+ bias ${short(chain.bias)}`)
  if (header.stage === 2 && chain.activation !== "none") make("span", "then", line, `→ ${chain.activationTitle}`)
}

/**
 * @param {HTMLFormElement} form
 * @param {Said} question
 * @param {(value: unknown) => void} send
 * @param {HTMLElement} foot
 */
function number(form, question, send, foot) {
  const given = make("div", "given", form)
  const line = make("div", "line", form)
  const field = make("input", "field", line)
  setAttributes(field, { "aria-label": "Your number", autocomplete: "off", size: 8, enterkeyhint: "send" })
  make("button", "go", line, "Send")
  const show = (/** @type {number} */ mine) => { field.value = sign(String(mine)) }
  form.onsubmit = event => {
    event.preventDefault()
    const value = typed(field.value)
    if (!Number.isFinite(value)) return setText(foot, "Type a number, such as 12 or −3.5.")
    show(value) // show how it was read: 1,012 as 1.012
    send(value)
  }
  return { show, draw: () => arithmetic(given, question) }
}

/**
 * @param {HTMLFormElement} form
 * @param {Said} question
 * @param {(value: unknown) => void} send
 */
function point(form, question, send) {
  const picture = new Picture(form, question.board)
  const { canvas } = picture
  const show = (/** @type {Tap} */ place) => {
    picture.marks = [{ place, kind: "mine" }]
    setAttributes(canvas, { "aria-valuetext": `row ${place[0]}, column ${place[1]}`, "aria-valuenow": place[0] })
    picture.draw()
  }
  const mark = (/** @type {Tap} */ place) => {
    show(place)
    send(place)
  }
  const middle = () => /** @type {Tap} */ ([picture.size.height >> 1, picture.size.width >> 1])
  setAttributes(canvas, { tabindex: 0, role: "slider", "aria-label": "Your place on the picture", "aria-valuenow": 0, "aria-valuetext": "none yet" })
  canvas.onclick = event => mark(picture.at(event))
  canvas.onkeydown = event => {
    const towards = arrow(event.key)
    if (!towards) return
    event.preventDefault()
    const [row, column] = picture.marks[0]?.place ?? middle()
    const step = event.shiftKey ? 10 : 1
    const within = (/** @type {number} */ at, /** @type {number} */ cells) => Math.min(cells - 1, Math.max(0, at))
    mark([within(row + step * towards[0], picture.size.height), within(column + step * towards[1], picture.size.width)])
  }
  form.onsubmit = event => event.preventDefault()
  return { show, draw: () => picture.draw(), end: () => picture.remove() }
}

/**
 * @param {HTMLFormElement} form
 * @param {Said} question
 * @param {(value: unknown) => void} send
 */
function choose(form, { options }, send) {
  const all = make("div", "options", form)
  setAttributes(all, { role: "group", "aria-label": "Answers" })
  const buttons = options.map((/** @type {string} */ text, /** @type {number} */ i) =>
    makeButton(all, "option", text, () => {
      show(i)
      send(i)
    }))
  const show = (/** @type {number} */ mine) =>
    buttons.forEach((/** @type {HTMLElement} */ one, /** @type {number} */ i) => one.setAttribute("aria-pressed", String(i === mine)))
  show(-1)
  form.onsubmit = event => event.preventDefault()
  return { show }
}

/**
 * Three rows of three numbers: typed, or changed with the buttons below, one cell at a time.
 *
 * @param {HTMLFormElement} form
 * @param {Said} question
 * @param {(value: unknown) => void} send
 * @param {HTMLElement} foot
 */
function kernel(form, question, send, foot) {
  const grid = make("div", "kernel", form)
  setAttributes(grid, { role: "group", "aria-label": "Your kernel" })
  const fields = Array.from({ length: 9 }, (_, i) => {
    const field = make("input", "", grid)
    const [row, column] = [Math.floor(i / 3), i % 3]
    setAttributes(field, { "aria-label": `row ${row + 1}, column ${column + 1}`, autocomplete: "off", maxlength: 3 })
    field.value = "0"
    field.onfocus = () => { inHand = field }
    return field
  })
  let inHand = fields[4]
  const step = (/** @type {(value: number) => number} */ change) => {
    const value = typed(inHand.value)
    inHand.value = short(Math.max(LEAST, Math.min(MOST, change(Number.isInteger(value) ? value : 0))))
  }
  const line = make("div", "line", form)
  for (const [text, label, change] of /** @type {[string, string, (value: number) => number][]} */ ([
    ["−", "One less", value => value - 1], ["+", "One more", value => value + 1], ["±", "Change its sign", value => -value],
  ])) {
    const button = makeButton(line, "step", text, () => step(change), label)
    button.onpointerdown = event => event.preventDefault() // the cell keeps the focus
  }
  make("button", "go", line, "Send")
  form.onsubmit = event => {
    event.preventDefault()
    const values = fields.map(field => typed(field.value || "0"))
    const fits = values.every(value => Number.isInteger(value) && value >= LEAST && value <= MOST)
    if (fits) send([0, 3, 6].map(from => values.slice(from, from + 3)))
    else foot.textContent = `Whole numbers from ${LEAST} to ${MOST}, please.`.replace("-", "−")
  }
  describe(grid, "Your kernel")
  return {
    show: (/** @type {number[][]} */ mine) => fields.forEach((field, i) => { field.value = short(mine.flat()[i]) }),
  }
}
