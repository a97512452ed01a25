// @ts-check
// A stack of blocks: choose, adjust, move or remove one, or add others. The server keeps the stack;
// each edit is sent to it as one action.

import { enable, find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { countUp } from "../core/painted.js"

/** @import { Component } from "../core/component.js" */
/** @typedef {[value: string | number, text: string]} Option */
/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {string | number} value
 * @property {number} [low]
 * @property {number} [high]
 * @property {Option[]} [options] Instead of a number from `low` to `high`.
 */
/**
 * @typedef {object} Block
 * @property {string} title
 * @property {string} detail
 * @property {string} shape
 * @property {string} error Why it does not fit; empty if it does.
 * @property {string} factors
 * @property {Field[]} fields
 * @property {Omit<Field, "name"> | null} choices The kinds of block it could be instead.
 */
/**
 * @typedef {object} Data
 * @property {string} input The shape of the picture.
 * @property {Block[]} blocks
 * @property {number} chosen
 * @property {[name: string, title: string][]} addable
 * @property {boolean} canUndo
 * @property {boolean} canRedo
 * @property {boolean} full
 */

const mounts = new Mounts(root => new Stack(find(root, ".stack")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const stack = mounts.of(parentElement)
  stack.act = (act, more = {}) => setTriggerValue("act", { act, ...more })
  stack.show(data)
}

class Stack {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    /** @type {Data} */
    this.data
    /** @type {(act: string, more?: object) => void} */
    this.act = () => {}
    /** @type {number | undefined} */
    this.dragged = undefined
    this.same = ""
    /** @type {ReturnType<Stack["makeTools"]> | null} */
    this.tools = null
    this.list = make("ol", "blocks", this.root)
    this.sheet = make("div", "sheet", this.root)
    this.what = make("span", "what", this.sheet)
    /** @type {{ line: HTMLElement, control: HTMLInputElement | HTMLSelectElement }[]} */
    this.fields = []
    this.factors = make("p", "factors", this.sheet)
    this.why = make("p", "why", this.sheet)
    this.why.setAttribute("role", "status")
    const bar = make("div", "bar", this.root)
    this.adding = make("div", "bar", bar)
    make("span", "space", bar)
    this.doing = make("div", "bar", bar)
    this.root.onkeydown = event => this.key(event)
  }

  /** @param {Data} data */
  show(data) {
    this.data = data
    const wasInside = this.list.contains(active(this.root))
    this.list.replaceChildren(this.input(data.input), ...data.blocks.map((block, i) => this.block(block, i)))
    if (wasInside) find(this.list, "[aria-current=true]").focus()
    this.showSheet(data.blocks[data.chosen])
    this.showBars()
    countUp(this.root, "shown")
  }

  /** @param {string} shape */
  input(shape) {
    const place = make("li", "place")
    const box = make("span", "block input", place)
    make("span", "name", box, "Picture")
    make("span", "shape", box, shape)
    return place
  }

  /**
   * @param {Block} block
   * @param {number} i
   */
  block({ title, detail, shape, error }, i) {
    const place = make("li", "place")
    const choose = () => this.act("choose", { at: i })
    const button = makeButton(place, `block${error ? " misfit" : ""}`, "", choose)
    button.draggable = true
    button.setAttribute("aria-current", String(i === this.data.chosen))
    make("span", "name", button, title)
    if (detail) make("span", "detail", button, detail)
    make("span", "shape", button, error ? "⚠ does not fit" : shape)
    button.title = error
    this.makeMovable(place, button, title, i)
    return place
  }

  /**
   * Let a block be dragged to the place of another.
   *
   * @param {HTMLElement} place
   * @param {HTMLElement} button
   * @param {string} title
   * @param {number} i
   */
  makeMovable(place, button, title, i) {
    button.ondragstart = event => {
      this.dragged = i
      if (!event.dataTransfer) return
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setData("text/plain", title)
    }
    place.ondragover = event => {
      if (this.dragged === undefined) return
      event.preventDefault()
      button.classList.add("above")
    }
    place.ondragleave = () => button.classList.remove("above")
    place.ondrop = event => {
      event.preventDefault()
      button.classList.remove("above")
      if (this.dragged !== i) this.act("move", { at: this.dragged, to: i })
    }
    button.ondragend = () => { this.dragged = undefined }
  }

  /** @param {Block | undefined} block */
  showSheet(block) {
    this.sheet.hidden = !block
    if (!block) return
    this.what.textContent = block.title
    this.factors.textContent = block.factors
    this.why.hidden = !block.error
    this.why.textContent = block.error ? `⚠ ${block.error}` : ""
    const wanted = [...block.fields, ...(block.choices ? [{ ...block.choices, name: "name" }] : [])]
    const same = JSON.stringify(wanted.map(({ name, options }) => [name, options]))
    if (same !== this.same) {
      this.fields.forEach(({ line }) => line.remove())
      this.fields = wanted.map(field => this.field(field))
    }
    this.same = same
    wanted.forEach((field, i) => {
      const { control } = this.fields[i]
      if (active(control) !== control || control.tagName === "SELECT") control.value = String(field.value)
    })
  }

  /** @param {Field} field */
  field(field) {
    const { name, label } = field
    const line = make("label", "field", null, label)
    this.factors.before(line)
    const control = field.options ? makeSelect(line, field.options) : makeNumber(line, field)
    control.setAttribute("aria-label", label)
    control.onchange = () => {
      if (isPossible(field, control.value)) {
        const value = name === "name" ? control.value : Number(control.value)
        return this.act("set", { at: this.data.chosen, name, value })
      }
      const present = this.data.blocks[this.data.chosen].fields.find(one => one.name === name)
      control.value = String(present?.value ?? "")
    }
    return { line, control }
  }

  showBars() {
    const { blocks, chosen, canUndo, canRedo, full } = this.data
    const { label, adders, left, right, remove, undo, redo } = (this.tools ??= this.makeTools())
    label.textContent = full ? "The stack is full." : blocks.length ? `Add after ${blocks[chosen]?.title ?? "the picture"}` : "Add"
    adders.forEach(button => enable(button, !full))
    enable(left, chosen > 0)
    enable(right, chosen < blocks.length - 1)
    enable(remove, blocks.length > 0)
    enable(undo, canUndo)
    enable(redo, canRedo)
  }

  makeTools() {
    const { adding, doing } = this
    const label = make("span", "label", adding)
    const adders = this.data.addable.map(([name, title]) =>
      tool(adding, `+ ${title}`, `Add ${title}`, () => this.act("add", { at: this.data.chosen + 1, name })))
    return {
      label, adders,
      left: tool(doing, "← Move", "Move the block to the left", () => this.shift(-1)),
      right: tool(doing, "Move →", "Move the block to the right", () => this.shift(1)),
      remove: tool(doing, "Remove", "Remove the block", () => this.act("remove", { at: this.data.chosen })),
      undo: tool(doing, "Undo", "Undo", () => this.act("undo")),
      redo: tool(doing, "Redo", "Redo", () => this.act("redo")),
    }
  }

  /** @param {number} by */
  shift(by) {
    const { blocks, chosen } = this.data
    const to = chosen + by
    if (to >= 0 && to < blocks.length) this.act("move", { at: chosen, to })
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { blocks, chosen } = this.data
    const target = /** @type {Element} */ (event.target)
    const typing = target.matches("input, select")
    const command = event.ctrlKey || event.metaKey
    const by = ARROWS[event.key]
    if (command && !typing && event.key.toLowerCase() === "z") this.act(event.shiftKey ? "redo" : "undo")
    else if (command && !typing && event.key.toLowerCase() === "y") this.act("redo")
    else if (!target.matches("button.block") || command) return
    else if (by && event.altKey) this.shift(by)
    else if (by) this.act("choose", { at: Math.min(Math.max(chosen + by, 0), blocks.length - 1) })
    else if (event.key === "Delete" || event.key === "Backspace") this.act("remove", { at: chosen })
    else return
    event.preventDefault()
  }
}

/** @type {Record<string, number>} */
const ARROWS = { ArrowLeft: -1, ArrowRight: 1 }

/**
 * The focused element in the shadow root of an element.
 *
 * @param {Element} element
 */
const active = element => /** @type {ShadowRoot} */ (element.getRootNode()).activeElement

/**
 * @param {HTMLElement} line
 * @param {Option[]} options
 */
function makeSelect(line, options) {
  const select = make("select", "", line)
  for (const [value, text] of options) make("option", "", select, text).value = String(value)
  return select
}

/**
 * @param {HTMLElement} line
 * @param {Field} field
 */
function makeNumber(line, { low, high }) {
  const input = make("input", "", line)
  Object.assign(input, { type: "number", min: low, max: high, step: 1 })
  return input
}

/**
 * Whether a text is a value of a field.
 *
 * @param {Field} field
 * @param {string} text
 */
function isPossible({ name, low = -Infinity, high = Infinity, options }, text) {
  if (name === "name") return true
  const value = Number(text)
  return text !== "" && Number.isInteger(value) && (Boolean(options) || (value >= low && value <= high))
}

/**
 * @param {HTMLElement} parent
 * @param {string} text
 * @param {string} label
 * @param {() => void} act
 */
function tool(parent, text, label, act) {
  const button = makeButton(parent, "tool", text, act)
  button.setAttribute("aria-label", label)
  return button
}
