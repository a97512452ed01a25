// @ts-check
// At most one run of the page is in flight; meanwhile only the latest state waits, and is sent when the
// answer arrives. A request carries a `turn`, and the server returns the turn it has answered, so that
// an older answer never undoes a newer state.

import { onPainted } from "./painted.js"

const PATIENCE = 150 // ms to wait for a paint after the answer, which may change no map
const LOST = 5000 // ms after which a request is given up

let count = 0

/** A number larger than any before it, even across reloads of the page. */
export const nextTurn = () => Date.now() * 1000 + (count++ % 1000)

/** @template State */
export class OneInFlight {
  /**
   * @param {(state: State) => void} landed Called when the answer has arrived, or is given up.
   * @param {boolean} [paint] Whether an answer counts only once its maps are painted.
   */
  constructor(landed, paint = false) {
    this.landed = landed
    this.paint = paint
    /** @type {{ state: State, turn: number, answered: boolean } | null} */
    this.flight = null
    this.timer = 0
    this.lastTurn = 0 // the turn of the last request
    this.deaf = onPainted(() => { if (this.flight?.answered) this.land() })
  }

  remove() {
    clearTimeout(this.timer)
    this.deaf()
  }

  get isAway() {
    return this.flight !== null
  }

  /**
   * @param {State} state
   * @param {(state: State & { turn: number }) => void} send
   */
  depart(state, send) {
    const turn = (this.lastTurn = nextTurn())
    this.flight = { state, turn, answered: false }
    this.wait(LOST)
    send({ ...state, turn })
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
