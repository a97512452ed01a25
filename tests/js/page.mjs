// A page without a browser, for tests that mount components in it: elements that hold one another,
// and a count of everything that listens or observes.

const KEYS = /[.[]?[\w-]+(?:[*^]?="?[^"\]]*"?)?\]?|:[\w-]+/g

/** What listens at present: "type of event", by who is listened to. */
const listeners = new Map()
/** The observers that observe something. */
const observers = new Set()
const frames = new Map() // callbacks that wait for the next frame
let frame = 0

class Target extends EventTarget {
  addEventListener(type, act, options) {
    super.addEventListener(type, act, options)
    if (!listeners.has(this)) listeners.set(this, new Map())
    const key = keyOf(type, options)
    const acts = listeners.get(this)
    acts.set(key, (acts.get(key) ?? new Set()).add(act))
    options?.signal?.addEventListener("abort", () => acts.get(key).delete(act))
  }

  removeEventListener(type, act, options) {
    super.removeEventListener(type, act, options)
    listeners.get(this)?.get(keyOf(type, options))?.delete(act)
  }
}

const keyOf = (type, options) => `${type} ${Boolean(options?.capture ?? options)}`

class Observer {
  constructor(act) { this.act = act }

  observe() { observers.add(this) }

  disconnect() { observers.delete(this) }
}

/** How many listen to the document and to the window, and how many observers observe. */
export const watching = () => ({
  listeners: [document, page].flatMap(target => [...(listeners.get(target) ?? new Map()).values()])
    .reduce((sum, acts) => sum + acts.size, 0),
  observers: observers.size,
  sheets: document.adoptedStyleSheets.length,
})

/** Everything as after a change of the window's size. */
export function resize() {
  page.dispatchEvent(new Event("resize"))
  for (const observer of [...observers]) observer.act([{ contentRect: { width: 300, height: 200 } }])
  nextFrame()
}

export function nextFrame() {
  const acts = [...frames.values()]
  frames.clear()
  acts.forEach(act => act(performance.now()))
}

class Names extends Set {
  remove(...names) { names.forEach(name => this.delete(name)) }

  contains(name) { return this.has(name) }

  toggle(name, on = !this.has(name)) {
    if (on) this.add(name)
    else this.delete(name)
    return on
  }
}

class Node extends Target {
  children = []
  parentNode = null

  get childNodes() { return this.children }

  get firstElementChild() { return this.children[0] ?? null }

  get lastElementChild() { return this.children.at(-1) ?? null }

  get parentElement() { return this.parentNode instanceof Element ? this.parentNode : null }

  get isConnected() {
    const root = this.getRootNode()
    return root === document || Boolean(root.host?.isConnected)
  }

  getRootNode() { return this.parentNode?.getRootNode() ?? this }

  contains(other) { return other === this || this.children.some(child => child.contains(other)) }

  append(...parts) { parts.forEach(part => this.insertBefore(part, null)) }

  appendChild(part) { return this.insertBefore(part, null) }

  insertBefore(part, next) {
    if (typeof part === "string") return part
    part.remove()
    const at = next ? this.children.indexOf(next) : this.children.length
    this.children.splice(at, 0, part)
    part.parentNode = this
    return part
  }

  replaceChildren(...parts) {
    for (const child of [...this.children]) child.remove()
    this.append(...parts)
  }

  remove() {
    if (this.parentNode) this.parentNode.children = this.parentNode.children.filter(child => child !== this)
    this.parentNode = null
  }

  querySelectorAll(selector) {
    return this.children.flatMap(child => [...(child.matches(selector) ? [child] : []), ...child.querySelectorAll(selector)])
  }

  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null }
}

class Element extends Node {
  classList = new Names()
  attributes = {}
  dataset = {}
  style = { setProperty() {} }
  textContent = ""
  clientWidth = 400
  clientHeight = 300
  offsetHeight = 20
  shadowRoot = null

  constructor(tag) {
    super()
    this.tag = tag
  }

  get className() { return [...this.classList].join(" ") }

  set className(names) { this.classList = new Names(names.split(" ").filter(Boolean)) }

  setAttribute(name, value) { this.attributes[name] = value }

  getAttribute(name) { return this.attributes[name] ?? null }

  attachShadow() { return (this.shadowRoot = new ShadowRoot(this)) }

  closest(selector) { return this.matches(selector) ? this : this.parentElement?.closest(selector) ?? null }

  matches(selector) {
    return selector.split(",").some(one => {
      const [own, ...around] = one.trim().split(/[\s>]+/).reverse()
      return this.is(own) && (!around.length || Boolean(this.parentElement?.closest(around.reverse().join(" "))))
    })
  }

  is(compound) {
    return compound === "*" || compound.match(KEYS).every(key => {
      if (key.startsWith(".")) return this.classList.has(key.slice(1))
      if (key.startsWith(":")) return false
      const [, name, value] = /^\[([\w-]+)(?:[*^]?="?([^"\]]*)"?)?/.exec(key) ?? []
      return name ? (this.attributes[name] ?? "").includes(value ?? "") && name in this.attributes : this.tag === key
    })
  }

  getBoundingClientRect() { return { left: 0, top: 0, right: 400, bottom: 300, width: 400, height: 300 } }

  getContext() { return PEN }

  toDataURL() { return "data:," }

  focus() {}

  select() {}

  showPopover() {}

  hidePopover() {}
}

class ShadowRoot extends Node {
  adoptedStyleSheets = []

  constructor(host) {
    super()
    this.host = host
  }
}

/** Draws nothing, and answers everything with something that can be counted, named or called. */
const PEN = new Proxy({}, {
  get: (_, name) => name === "measureText" ? () => ({ width: 10 }) : name === "fillStyle" ? "#ffffff" : () => PEN,
  set: () => true,
})

const page = new Target()

const document = Object.assign(new Node(), {
  hidden: false,
  adoptedStyleSheets: [],
  documentElement: new Element("html"),
  body: new Element("body"),
  createElement: tag => new Element(tag),
  createElementNS: (_, tag) => new Element(tag),
})
document.append(document.documentElement)
document.documentElement.append(document.body)

class Kind extends Element {}

Object.assign(globalThis, {
  document, Element, ShadowRoot,
  HTMLElement: Element, HTMLAnchorElement: Kind, HTMLInputElement: Kind,
  window: globalThis,
  ResizeObserver: Observer,
  MutationObserver: Observer,
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
  dispatchEvent: page.dispatchEvent.bind(page),
  getComputedStyle: () => ({ getPropertyValue: () => "" }),
  matchMedia: () => ({ matches: false, addEventListener() {} }),
  requestAnimationFrame: act => {
    frames.set(++frame, act)
    return frame
  },
  cancelAnimationFrame: number => frames.delete(number),
  innerHeight: 800,
  innerWidth: 1200,
  devicePixelRatio: 1,
  location: new URL("https://school.example/base/"),
  history: { state: null, replaceState() {} },
  fetch: async () => ({ status: 200, text: async () => "" }),
  CSSStyleSheet: class {
    async replace() { return this }

    replaceSync(text) { this.text = text }
  },
  ImageData: class {
    constructor(width, height) { Object.assign(this, { width, height, data: new Uint8Array(4 * width * height) }) }
  },
  WebSocket: class {
    static OPEN = 1

    close() {}
  },
})

/**
 * An element by its selector, "div.pane", around others.
 *
 * @param {string} selector
 * @param {...Element} inside
 */
export function element(selector, ...inside) {
  const [tag, ...keys] = selector.match(KEYS)
  const made = new Element(tag)
  for (const key of keys) {
    const [name, value = ""] = key.replace(/^[.[]|\]$/g, "").split("=")
    if (key.startsWith(".")) made.classList.add(name)
    else made.setAttribute(name, value)
  }
  made.append(...inside)
  return made
}

/**
 * The shadow root of a component with these elements, on the page; `from.host.remove()` takes it away.
 *
 * @param {...Element} inside
 */
export function place(...inside) {
  const host = new Element("div")
  document.body.append(host)
  const root = host.attachShadow()
  root.append(...inside)
  return root
}

/**
 * A binary message: see static/components/core/message.js.
 *
 * @param {object} header
 * @param {number} [size] Bytes of planes, all 0.
 */
export function packed(header, size = 4096) {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(4 + text.length + size)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, 4)
  return bytes
}
