// @ts-check
// Where the answer of a cell is to be predicted, it stays hidden until it is asked for.

/** @import { Header } from "./header.js" */

export class Predictions {
  constructor() {
    this.asked = "" // what the hidden answers follow from, if any are hidden
    /** @type {Set<string>} */
    this.revealed = new Set() // feature cells whose answer has been seen
  }

  /**
   * Other settings have other answers.
   *
   * @param {Header} header
   */
  hear({ chains, input, predict }) {
    const asked = predict ? JSON.stringify([input, chains]) : ""
    if (this.asked !== asked) this.revealed.clear()
    this.asked = asked
  }

  /**
   * Whether the answer of a feature cell is still to be predicted.
   *
   * @param {number | null} chain
   * @param {number} row
   * @param {number} column
   */
  hides(chain, row, column) {
    return this.asked !== "" && !this.revealed.has(String([chain, row, column]))
  }

  /**
   * @param {number | null} chain
   * @param {number[]} cell Row and column of the feature cell.
   */
  reveal(chain, cell) {
    this.revealed.add(String([chain, ...cell]))
  }
}
