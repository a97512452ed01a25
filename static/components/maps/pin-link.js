// @ts-check
// What the server and a board have told each other about the pinned cell. Each hears of it late, so a
// message that only repeats an older pin is ignored: a run that was under way when another cell was pinned
// still has the one of before.

/** @import { Cursor } from "./header.js" */

let isLed = false

/** Heed no pin of the server from now on: a follower's page is told which cell is in hand, sooner than a run knows. */
export const beLed = () => { isLed = true }

export class PinLink {
  constructor() {
    this.told = [""] // the pin last received from the server, and those sent to it since
    /** @type {(pin: string) => void} */
    this.send = () => {}
  }

  /**
   * The pin that the server sets, or null for none; undefined if it repeats what it said, or was told.
   *
   * @param {string} pin
   * @returns {Cursor | null | undefined}
   */
  heed(pin) {
    if (isLed || pin === this.told[0]) return undefined
    const at = this.told.lastIndexOf(pin)
    this.told = at < 0 ? [pin] : this.told.slice(at)
    if (at >= 0) return undefined
    if (!pin) return null
    const [stage, row, column, chain] = pin.split(",").map(Number)
    return { stage, row, column, chain }
  }

  /**
   * Tell the server which cell is pinned.
   *
   * @param {Cursor | null} kept
   */
  tell(kept) {
    const pin = kept ? [kept.stage, kept.row, kept.column, kept.chain].join(",") : ""
    this.told.push(pin)
    this.send(pin)
  }
}
