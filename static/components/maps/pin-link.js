// @ts-check
// What the server and a board have told each other about the pinned cell. Each hears of it late, so a
// message that only repeats an older pin is ignored.

/** @import { Cursor } from "./header.js" */

export class PinLink {
  constructor() {
    this.told = this.heard = "" // the pin last sent to the server, and the one last received from it
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
    if (pin === this.heard) return undefined
    this.heard = pin
    if (pin === this.told) return undefined
    this.told = pin
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
    this.told = kept ? [kept.stage, kept.row, kept.column, kept.chain].join(",") : ""
    this.send(this.told)
  }
}
