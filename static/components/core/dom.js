// @ts-check
// Elements of the page, each made by one call.

const SVG = "http://www.w3.org/2000/svg"

/**
 * Make an element; inside `parent`, if there is one.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [name] Its class.
 * @param {ParentNode | null} [parent]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, name = "", parent = null, text = "") {
  const element = document.createElement(tag)
  if (name) element.className = name
  if (text) element.textContent = text
  parent?.append(element)
  return element
}

/**
 * Write a text that often stays the same; an unchanged text triggers no layout.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/**
 * Make a button that does something when it is pressed.
 *
 * @param {ParentNode | null} parent
 * @param {string} name Its class.
 * @param {string} text
 * @param {(event: MouseEvent) => void} act
 * @param {string} [label] What it does, where the text does not say it.
 */
export function makeButton(parent, name, text, act, label = "") {
  const button = make("button", name, parent, text)
  button.type = "button"
  button.onclick = event => { if (button.getAttribute("aria-disabled") !== "true") act(event) }
  // A word stays the name of its button: people say what they read, and hear it change.
  if (/\p{L}/u.test(text)) button.title = label
  else if (label) describe(button, label)
  return button
}

/**
 * Say whether a button acts at present. If it does not, it keeps the focus, which the browser would take
 * from one that is `disabled`: who has pressed it may have done so with a key.
 *
 * @param {HTMLButtonElement} button
 * @param {boolean} acts
 */
export function enable(button, acts) {
  button.setAttribute("aria-disabled", String(!acts))
}

/**
 * Say what an element does, in a tooltip and for screen readers.
 *
 * @param {HTMLElement} element
 * @param {string} label
 */
export function describe(element, label) {
  element.title = label
  element.setAttribute("aria-label", label)
}

/**
 * Make an element of a drawing.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {ParentNode | null} [parent]
 * @param {string | number} [text]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function makeSvg(tag, attributes = {}, parent = null, text = "") {
  const element = document.createElementNS(SVG, tag)
  setAttributes(element, attributes)
  if (text !== "") element.textContent = String(text)
  parent?.append(element)
  return element
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | boolean>} attributes
 */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
}

/**
 * The first element that matches a selector; throws if there is none.
 *
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {Kind}
 */
export function find(root, selector) {
  const element = root.querySelector(selector)
  if (!element) throw new Error(`There is no ${selector}.`)
  return /** @type {Kind} */ (element)
}

/**
 * The context in which a canvas is drawn.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function pen(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"))
}

/**
 * Which way an arrow key points, as [down, right]; undefined for any other key.
 *
 * @param {string} key
 * @returns {[number, number] | undefined}
 */
export const arrow = key => ARROWS[key]

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
