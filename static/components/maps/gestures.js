// Mouse, fingers and keys on a pane.

const STEP = 1.5 // one press on + or −
const PIXELS = 40 // one press on an arrow key that moves the view
const STILL = 5 // a press that moves less is a click

/** Connect the events of a pane's window to what they mean. */
export function listen(pane) {
  const { window: area } = pane
  const fingers = new Map()
  let travelled = 0

  area.onwheel = event => {
    const wanted = event.ctrlKey || event.metaKey || area.matches(":focus")
    if (!wanted) return // the page scrolls on
    event.preventDefault()
    pane.zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY)
  }
  area.onpointerdown = event => {
    if (event.target.closest("button")) return
    if (fingers.size === 0) travelled = 0
    fingers.set(event.pointerId, event)
    area.setPointerCapture(event.pointerId)
  }
  area.onpointermove = event => {
    const before = fingers.get(event.pointerId)
    if (!before) {
      if (event.pointerType === "mouse" && event.target === area.lastChild) pane.point(event.offsetX, event.offsetY)
      return
    }
    const other = [...fingers.values()].find(finger => finger.pointerId !== event.pointerId)
    fingers.set(event.pointerId, event)
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY]
    travelled += Math.hypot(dx, dy)
    if (other) {
      const apart = finger => Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY)
      const box = area.getBoundingClientRect()
      const [x, y] = [(event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2]
      pane.zoom(apart(event) / Math.max(1, apart(before)), x - box.left, y - box.top)
    } else if (travelled > STILL) {
      pane.pan(dx, dy)
    }
  }
  area.onpointerup = event => {
    const pressed = fingers.delete(event.pointerId)
    if (!pressed || travelled > STILL || fingers.size) return
    const box = area.getBoundingClientRect()
    pane.press(event.clientX - box.left, event.clientY - box.top, event.pointerType === "mouse")
  }
  area.onpointercancel = event => fingers.delete(event.pointerId)
  area.onkeydown = event => {
    if (event.target !== area || event.ctrlKey || event.metaKey || event.altKey) return
    const arrow = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key]
    const act = {
      "+": () => pane.zoom(STEP), "=": () => pane.zoom(STEP), "-": () => pane.zoom(1 / STEP),
      0: () => pane.zoom(0), Enter: () => pane.board.pin(), Escape: () => pane.board.free(),
    }[event.key]
    if (!arrow && !act) return
    event.preventDefault()
    if (act) act()
    else if (event.shiftKey) pane.pan(-arrow[1] * PIXELS, -arrow[0] * PIXELS)
    else pane.step(...arrow)
  }
}

/** The three buttons that zoom, for those who have neither wheel nor keys. */
export function zoomButtons(pane, parent) {
  for (const [sign, label, factor] of [["−", "Zoom out", 1 / STEP], ["+", "Zoom in", STEP], ["⤢", "Show all", 0]]) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "tool"
    button.textContent = sign
    button.title = label
    button.setAttribute("aria-label", label)
    button.onclick = () => pane.zoom(factor)
    parent.append(button)
  }
}
