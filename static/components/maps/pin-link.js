// @ts-check
// What the server and a board have told each other about the pinned cell. Their messages cross, so one
// that only repeats an older pin is ignored: a run that was under way when the user pinned another cell
// still has the previous pin.

/** @import { Cursor } from "./header.js" */

let isLed = false

/** Ignore the server's pins from now on: a follower's page learns the cell in hand from the room, before a run does. */
export const beLed = () => { isLed = true }

export class PinLink {
  constructor() {
    this.told = [""] // the pin last received from the server, and those sent to it since
    /** @type {(pin: string) => void} */
    this.send = () => {}
  }

  /**
   * The pin that the server sets, or null for none; undefined if it repeats one that was sent before,
   * by either side.
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
