// The window on its way: play, pause, step, scrub, speed, pin.

import { extent } from "./arithmetic.js"

const SPEEDS = [1, 5, 25] // steps a second
const MOST_FLASHES = 3 // a second, where the window is a large part of the pane
const LARGE = 0.02 // of the map, from which a step of the window is a flash

export class Player {
  constructor(root, board) {
    this.board = board
    this.speed = 0
    this.timer = 0
    const button = (text, label, act) => {
      const element = document.createElement("button")
      element.type = "button"
      element.textContent = text
      element.setAttribute("aria-label", label)
      element.title = label
      element.onclick = act
      root.append(element)
      return element
    }
    button("◂", "One step back", () => { this.pause(); this.step(-1) })
    this.toggle = button("▶", "Play", () => (this.timer ? this.pause() : this.play()))
    button("▸", "One step forward", () => { this.pause(); this.step(1) })
    this.scrub = document.createElement("input")
    this.scrub.type = "range"
    this.scrub.min = 0
    this.scrub.setAttribute("aria-label", "Position of the window")
    this.scrub.oninput = () => { this.pause(); this.go(Number(this.scrub.value)) }
    root.append(this.scrub)
    this.place = document.createElement("span")
    this.place.className = "place"
    root.append(this.place)
    this.faster = button("1×", "Speed", () => this.next())
    this.pinned = button("Pin", "Keep this cell", () => (board.pinned ? board.free() : board.pin()))
    this.pinned.className = this.faster.className = "pill"
  }

  /** Follow the cursor. */
  show({ chain, cell, pooled, poolings }, cursor, pinned) {
    // Where kinds of pooling are compared, the window that goes is that of the pooling.
    this.stage = poolings.length > 1 ? 3 : 1
    const at = this.stage === 3 ? pooled.cell : cell
    const [rows, columns] = this.stage === 3 ? chain.sizes.pooled : chain.sizes.features
    this.columns = columns
    this.count = rows * columns
    const [height, width] = this.stage === 3 ? chain.pooling.window : extent(chain)
    this.share = (height * width) / this.count
    this.scrub.max = this.count - 1
    this.scrub.value = at[0] * columns + at[1]
    this.scrub.style.setProperty("--done", `${(100 * this.scrub.value) / (this.count - 1 || 1)}%`)
    this.place.textContent = `row ${cursor.row}, column ${cursor.column}`
    this.pinned.textContent = pinned ? "Pinned" : "Pin"
    this.pinned.setAttribute("aria-pressed", pinned)
  }

  play() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    const most = still ? 1 : this.share > LARGE ? MOST_FLASHES : Infinity
    clearInterval(this.timer)
    this.timer = setInterval(() => this.step(1), 1000 / Math.min(SPEEDS[this.speed], most))
    this.toggle.textContent = "❚❚"
    this.toggle.setAttribute("aria-label", "Pause")
    this.toggle.title = "Pause"
  }

  pause() {
    clearInterval(this.timer)
    this.timer = 0
    this.toggle.textContent = "▶"
    this.toggle.setAttribute("aria-label", "Play")
    this.toggle.title = "Play"
  }

  next() {
    this.speed = (this.speed + 1) % SPEEDS.length
    this.faster.textContent = `${SPEEDS[this.speed]}×`
    if (this.timer) this.play()
  }

  step(by) {
    this.go((Number(this.scrub.value) + by + this.count) % this.count)
  }

  go(position) {
    const [row, column] = [Math.floor(position / this.columns), position % this.columns]
    this.board.point({ stage: this.stage, row, column, chain: this.board.cursor?.chain ?? 0 }, { always: true })
  }
}
