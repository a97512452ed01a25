// @ts-check
// Mouse, fingers and keys on a pane.

import { arrow, makeButton } from "../core/dom.js"
import { pan, point, press, step, zoom } from "./pane-acts.js"

/** @import { Pane } from "./pane.js" */

const STEP = 1.5 // one press on + or −
const PIXELS = 40 // one press on an arrow key that moves the view
const STILL = 5 // a press that moves less is a click

/**
 * Connect the events of a pane's window to actions.
 *
 * @param {Pane} pane
 */
export function listen(pane) {
  const { window: area } = pane
  const fingers = new Fingers(pane)
  area.onwheel = event => wheel(pane, event)
  area.onpointerdown = event => fingers.press(event)
  area.onpointermove = event => fingers.move(event)
  area.onpointerup = event => fingers.release(event)
  area.onpointercancel = event => fingers.forget(event)
  area.onpointerleave = event => { if (event.pointerType === "mouse" && !fingers.down.size) pane.board.leave() }
  area.onkeydown = event => key(pane, event)
}

/**
 * @param {Pane} pane
 * @param {WheelEvent} event
 */
function wheel(pane, event) {
  const wanted = event.ctrlKey || event.metaKey || pane.window.matches(":focus")
  if (!wanted) return // the page scrolls on
  event.preventDefault()
  zoom(pane, Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY)
}

/** The mouse, or up to two fingers: one pans, two zoom, one that stays still presses a cell. */
class Fingers {
  /** @param {Pane} pane */
  constructor(pane) {
    this.pane = pane
    this.area = pane.window
    /** @type {Map<number, PointerEvent>} */
    this.down = new Map()
    this.travelled = 0
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button > 0 || /** @type {Element} */ (event.target).closest("button")) return
    if (this.down.size === 0) this.travelled = 0
    this.down.set(event.pointerId, event)
    this.area.setPointerCapture(event.pointerId)
  }

  /** @param {PointerEvent} event */
  move(event) {
    const before = this.down.get(event.pointerId)
    if (!before) return this.hover(event)
    const other = [...this.down.values()].find(finger => finger.pointerId !== event.pointerId)
    this.down.set(event.pointerId, event)
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY]
    this.travelled += Math.hypot(dx, dy)
    if (other) this.pinch(before, event, other)
    else if (this.travelled > STILL) pan(this.pane, dx, dy)
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (event.pointerType !== "mouse" || event.target !== this.area.lastChild) return
    point(this.pane, event.offsetX, event.offsetY)
  }

  /**
   * @param {PointerEvent} before
   * @param {PointerEvent} after
   * @param {PointerEvent} other
   */
  pinch(before, after, other) {
    const apart = (/** @type {PointerEvent} */ finger) =>
      Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY)
    const box = this.area.getBoundingClientRect()
    const [x, y] = [(after.clientX + other.clientX) / 2, (after.clientY + other.clientY) / 2]
    zoom(this.pane, apart(after) / Math.max(1, apart(before)), x - box.left, y - box.top)
  }

  /** @param {PointerEvent} event */
  release(event) {
    const pressed = this.forget(event)
    if (!pressed || this.travelled > STILL || this.down.size) return
    const box = this.area.getBoundingClientRect()
    press(this.pane, event.clientX - box.left, event.clientY - box.top, event.pointerType === "mouse")
  }

  /** @param {PointerEvent} event */
  forget(event) {
    return this.down.delete(event.pointerId)
  }
}

/** @type {Record<string, (pane: Pane) => void>} */
const KEYS = {
  "+": pane => zoom(pane, STEP),
  "=": pane => zoom(pane, STEP),
  "-": pane => zoom(pane, 1 / STEP),
  0: pane => zoom(pane, 0),
  Enter: pane => pane.board.pin(),
  Escape: pane => pane.board.free(),
}

/**
 * @param {Pane} pane
 * @param {KeyboardEvent} event
 */
function key(pane, event) {
  if (event.target !== pane.window || event.ctrlKey || event.metaKey || event.altKey) return
  const [towards, act] = [arrow(event.key), KEYS[event.key]]
  if (!towards && !act) return
  event.preventDefault()
  if (!towards) act(pane)
  else if (event.shiftKey) pan(pane, -towards[1] * PIXELS, -towards[0] * PIXELS)
  else step(pane, ...towards)
}

/**
 * The three buttons that zoom, for users with neither wheel nor keys.
 *
 * @param {Pane} pane
 * @param {HTMLElement} parent
 */
export function zoomButtons(pane, parent) {
  makeButton(parent, "tool", "−", () => zoom(pane, 1 / STEP), "Zoom out")
  makeButton(parent, "tool", "+", () => zoom(pane, STEP), "Zoom in")
  makeButton(parent, "tool", "⤢", () => zoom(pane, 0), "Show all")
}
