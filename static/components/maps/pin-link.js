// @ts-check
// What the server and a board have told one another of the cell that is pinned. Each hears of it late,
// so what only repeats an older word does not count.

/** @import { Cursor } from "./header.js" */

export class PinLink {
  constructor() {
    this.told = this.heard = "" // the pin as the server was last told it, and as it last said it
    /** @type {(pin: string) => void} */
    this.send = () => {}
  }

  /**
   * The pin that the server sets, or null for none; undefined where it repeats what it said, or was told.
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
