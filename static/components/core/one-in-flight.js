// @ts-check
// What follows the hand has at most one request in flight: while one is, only the latest state
// waits, and it leaves when the answer has come. A request carries a `turn`; the server says the
// turn that it has answered, so that an older answer never undoes a newer state.

/** @import { Fragment } from "../fragment-run/fragment-run.js" */

import { onPainted } from "./painted.js"

const PATIENCE = 150 // ms to wait for paint after the answer, where the answer changes no map
const LOST = 2000 // ms after which a request is given up

let count = 0

/** A number that is larger than any before it, also than those before the page was loaded anew. */
export const nextTurn = () => Date.now() * 1000 + (count++ % 1000)

/** @template State */
export class OneInFlight {
  /**
   * @param {(state: State) => void} landed Called when the answer has come, or is given up.
   * @param {boolean} [paint] Whether an answer has come only when its maps are painted.
   */
  constructor(landed, paint = false) {
    this.landed = landed
    this.paint = paint
    /** @type {{ state: State, turn: number, fragment: Fragment | null, answered: boolean } | null} */
    this.flight = null
    this.timer = 0
    this.lastTurn = 0 // of the last request
    this.fragmentAnswered = () => {
      // The maps that came with the answer are painted in the next frame, before this lands.
      if (this.hasFragment && paint) requestAnimationFrame(() => this.hasFragment && this.land())
      else if (this.hasFragment) this.land()
    }
    document.addEventListener("cnnviz:answered", this.fragmentAnswered)
    this.deaf = onPainted(() => { if (this.flight?.answered) this.land() })
  }

  remove() {
    clearTimeout(this.timer)
    document.removeEventListener("cnnviz:answered", this.fragmentAnswered)
    this.deaf()
  }

  get isAway() {
    return this.flight !== null
  }

  /** Whether the part of the page that was asked for has come. */
  get hasFragment() {
    return Boolean(this.flight?.fragment && this.flight.fragment.turn >= this.flight.turn)
  }

  /**
   * Send a state: to a part of the page that follows from it alone, or to the whole page.
   *
   * @param {State} state
   * @param {string} key Of the setting.
   * @param {Fragment | null} fragment
   * @param {(state: State & { turn: number }) => void} send
   */
  depart(state, key, fragment, send) {
    const turn = (this.lastTurn = nextTurn())
    this.flight = { state, turn, fragment, answered: false }
    this.wait(LOST)
    if (fragment) fragment.move({ key, ...state, turn })
    else send({ ...state, turn })
  }

  /**
   * The page has answered that turn.
   *
   * @param {number} turn
   */
  hear(turn) {
    if (!this.flight || turn < this.flight.turn || this.flight.answered) return
    this.flight.answered = true
    if (this.paint) this.wait(PATIENCE)
    else this.land()
  }

  /** @param {number} time */
  wait(time) {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.land(), time)
  }

  land() {
    clearTimeout(this.timer)
    const { flight } = this
    this.flight = null
    if (flight) this.landed(flight.state)
  }
}
