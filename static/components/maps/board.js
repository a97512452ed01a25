// A board is one set of maps on a page: its message, its view, its cursor, and the slots and the
// panel that show it. These are mounted one by one by the page and meet here, in any order.

import { convolve, nearest, pool, trace } from "./arithmetic.js"
import { isDark, palette } from "../core/colour.js"
import { Pane } from "./pane.js"
import { home, near } from "./view.js"

const REST = 400 // ms without a change before the server hears of a pin

const boards = new Map()

/** Have `act` done with the last argument, once there has been no other for a while. */
export function later(act) {
  let timer = 0
  return argument => {
    clearTimeout(timer)
    timer = setTimeout(() => act(argument), REST)
  }
}

/** The board of that name; made when first asked for. */
export function board(name) {
  if (!boards.has(name)) boards.set(name, new Board(name))
  return boards.get(name)
}

class Board {
  constructor(name) {
    this.name = name
    this.slots = new Map() // stage → { element, panes }
    this.panel = null
    this.message = null
    this.cursor = null // { stage, row, column, chain }
    this.pinned = false
    this.answered = new Set() // feature cells whose answer has been seen, where it is asked for
    this.frame = 0
    this.told = this.ordered = "" // the pin as the server was last told it, and as it last said it
    this.tell = () => {} // sends the pin to the server
  }

  /** Take a new message. The view stays unless the world has changed its shape. */
  show(message) {
    const before = this.message?.header.world
    this.message = message
    this.themed = null
    const { chains, closeup, input, pin, predict, start, world } = message.header
    if (this.asked !== JSON.stringify([predict, input, chains])) this.answered.clear()
    this.asked = JSON.stringify([predict, input, chains])
    this.input = input && reader(input, message)
    const moved = !before || closeup !== this.closeup || world.some((edge, i) => edge !== before[i])
    this.closeup = closeup
    if (moved) this.view = home(world)
    this.heed(pin)
    this.cursor ??= start
    this.slots.forEach(slot => this.fill(slot))
    this.point(this.cursor, { always: true })
    if (moved && closeup) this.view = near(this.reading.lines, closeup, world)
    this.draw()
  }

  /** Follow a pin that the server has set; one that it only repeats, or was told, is old. */
  heed(pin = "") {
    if (pin === this.ordered) return
    this.ordered = pin
    if (pin === this.told) return
    this.told = pin
    this.pinned = Boolean(pin)
    if (pin) {
      const [stage, row, column, chain] = pin.split(",").map(Number)
      this.cursor = { stage, row, column, chain }
    }
  }

  /** Give the board an element in which the maps of a stage stand, one below the other. */
  attach(stage, element) {
    const slot = this.slots.get(stage)
    if (slot?.element === element) {
      this.themed = null
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
  }

  /** The panel is gone; the slots may stay, or come back with it. */
  close() {
    this.panel = null
  }

  fill(slot) {
    const { header, plane } = this.message
    const wanted = header.panes.filter(pane => pane.slot === slot.stage)
    while (slot.panes.length > wanted.length) slot.panes.pop().remove()
    while (slot.panes.length < wanted.length) slot.panes.push(new Pane(this, slot.element))
    slot.element.dataset.count = wanted.length
    wanted.forEach((pane, i) => slot.panes[i].load(pane, header, plane))
  }

  /** The colours of the page's theme. Asked for once a message: every answer styles the page anew. */
  theme(element) {
    if (this.themed) return this.themed
    const { header, plane } = this.message
    const table = header.table[isDark(element) ? "dark" : "light"]
    const accent = getComputedStyle(element).getPropertyValue("--st-primary-color")
    return (this.themed = { accent, colours: palette(plane(table, 3 * 256)) })
  }

  look(view) {
    this.view = view
    this.draw()
  }

  get chain() {
    return this.message?.header.chains[this.cursor?.chain ?? 0]
  }

  /** Move the cursor to a cell, or to the nearest that there is; a pinned one stays. */
  point(cursor, { always = false, spoken = false } = {}) {
    if (!cursor || !this.input || (this.pinned && !always)) return
    const chains = this.message.header.chains
    const chain = chains[Math.min(cursor.chain, chains.length - 1)]
    const [height, width] = chain.sizes[["input", "features", "features", "pooled"][cursor.stage]]
    this.cursor = {
      stage: cursor.stage,
      row: Math.min(Math.max(cursor.row, 0), height - 1),
      column: Math.min(Math.max(cursor.column, 0), width - 1),
      chain: chains.indexOf(chain),
    }
    this.reading = read(chain, this.input, this.cursor)
    this.reading.poolings = this.poolings()
    this.panel?.show(this.reading, this.cursor, this.pinned)
    if (spoken) this.panel?.speak(this.reading)
    this.draw()
  }

  /** The pooling of the cell under the cursor; where chains are linked, each kind of it. */
  poolings() {
    const { chain, pooled } = this.reading
    if (!pooled) return []
    const { chains, linked } = this.message.header
    const kinds = linked ? chains.filter(other => other.pooling?.kind !== chain.pooling.kind) : []
    const both = [pooled, ...kinds.slice(0, 1).map(other => pool(other, this.input, ...pooled.cell))]
    return both.sort((a, b) => (a.kind < b.kind ? 1 : -1)) // max first, whichever is pointed at
  }

  /** Whether the answer of a feature cell is still to be predicted. */
  isHidden(chain, row, column) {
    return Boolean(this.message.header.predict) && !this.answered.has(String([chain, row, column]))
  }

  /** Show the answer of the cell under the cursor. */
  reveal() {
    this.answered.add(String([this.cursor.chain, ...this.reading.cell]))
    this.point(this.cursor, { always: true })
  }

  /** Light every cell of the input that a kernel cell has touched; null: none. */
  touch(lines) {
    this.touched = lines
    this.draw()
  }

  pin(cursor = this.cursor) {
    this.point(cursor, { always: true })
    this.pinned = true
    this.settle()
  }

  free() {
    this.pinned = false
    this.settle()
  }

  settle() {
    const { stage, row, column, chain } = this.cursor ?? {}
    this.told = this.pinned ? [stage, row, column, chain].join(",") : ""
    this.tell(this.told)
    this.panel?.show(this.reading, this.cursor, this.pinned)
    this.draw()
  }

  /** Draw all panes in the next frame; many wishes make one drawing. */
  draw() {
    if (this.frame || !this.message) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      const panes = [...this.slots.values()].flatMap(slot => slot.panes)
      if (!panes.map(pane => pane.draw()).some(Boolean)) return
      const root = document.documentElement.dataset
      root.cnnvizPainted = Number(root.cnnvizPainted ?? 0) + 1
      document.dispatchEvent(new CustomEvent("cnnviz:painted", { detail: this.name }))
    })
  }
}

/** How the exact input is read: by channel, row and column, on the scale that was computed with. */
function reader({ offset, channels, height, width, factor, exact }, { plane }) {
  const size = channels * height * width
  const bytes = plane(offset, exact ? 8 * size : size)
  const values = exact ? new Float64Array(bytes.slice().buffer) : bytes
  return {
    channels, height, width,
    value: (channel, row, column) => values[(channel * height + row) * width + column] * factor,
  }
}

/**
 * Everything that belongs to the cell under the cursor: its feature cell with its arithmetic, its
 * pooling window, and the lines it is made of and feeds, for each stage.
 */
function read(chain, input, { stage, row, column }) {
  const lines = [trace(chain, 0, stage, [row]), trace(chain, 1, stage, [column])]
  let cell = [row, column]
  let pooled = null
  if (stage === 0) cell = [nearest(chain, 0, row), nearest(chain, 1, column)]
  if (chain.pooling) {
    const of = (axis, line) => trace(chain, axis, 1, [line])[3][0]
    const place = stage === 3 ? [row, column] : [of(0, cell[0]), of(1, cell[1])]
    if (place.every(line => line !== undefined)) {
      pooled = { ...pool(chain, input, ...place), cell: place }
      // Of a pooled cell, the arithmetic is that of the winner, or of the window's first cell.
      const shown = pooled.winner >= 0 ? pooled.cells[pooled.winner] : pooled.cells.find(c => !c.outside)
      if (stage === 3) cell = shown.at
    }
  }
  return { chain, cell, lines, pooled, ...convolve(chain, input, ...cell) }
}
