// A board is one set of maps on a page: its message, its view, and the slots that show it.
// The parts of a board are mounted one by one by the page and meet here, in any order.

const version = new URL(import.meta.url).search // a new release never mixes with cached files
const { Pane } = await import("./pane-view.js" + version)
const { home } = await import("./view.js" + version)

const boards = new Map()

/** The board of that name; made when first asked for. */
export function board(name) {
  if (!boards.has(name)) boards.set(name, new Board(name))
  return boards.get(name)
}

class Board {
  constructor(name) {
    this.name = name
    this.slots = new Map() // stage → { element, panes }
    this.message = null
    this.frame = 0
    this.painted = 0
  }

  /** Take a new message. The view stays unless the world has changed its shape. */
  show(message) {
    const before = this.message?.header.world
    this.message = message
    const { world } = message.header
    if (!before || world.some((edge, i) => edge !== before[i])) this.view = home(world)
    this.slots.forEach(slot => this.fill(slot))
    this.draw()
  }

  /** Give the board an element in which the maps of a stage stand, one below the other. */
  attach(stage, element) {
    const slot = this.slots.get(stage)
    if (slot?.element === element) {
      slot.panes.forEach(pane => pane.restyle())
    } else {
      this.slots.set(stage, { stage, element, panes: [] })
      if (this.message) this.fill(this.slots.get(stage))
    }
    this.draw()
  }

  detach(stage, element) {
    const slot = this.slots.get(stage)
    if (slot?.element !== element) return
    slot.panes.forEach(pane => pane.remove())
    this.slots.delete(stage)
    if (this.slots.size === 0 && !this.message) boards.delete(this.name)
  }

  fill(slot) {
    const { header, plane } = this.message
    const wanted = header.panes.filter(pane => pane.stage === slot.stage)
    while (slot.panes.length > wanted.length) slot.panes.pop().remove()
    while (slot.panes.length < wanted.length) slot.panes.push(new Pane(this, slot.element))
    slot.element.dataset.count = wanted.length
    wanted.forEach((pane, i) => slot.panes[i].load(pane, header, plane))
  }

  look(view) {
    this.view = view
    this.draw()
  }

  /** Draw all panes in the next frame; many wishes make one drawing. */
  draw() {
    if (this.frame || !this.message) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      this.slots.forEach(slot => slot.panes.forEach(pane => pane.draw()))
      this.painted += 1
      document.documentElement.dataset.cnnvizPainted = this.painted
      document.dispatchEvent(new CustomEvent("cnnviz:painted", { detail: this.name }))
    })
  }
}
