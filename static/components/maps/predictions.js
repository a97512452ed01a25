// @ts-check
// If learners are to predict the answer of a cell, it stays hidden until they ask for it.

/** @import { Header } from "./header.js" */

export class Predictions {
  constructor() {
    this.asked = "" // the settings that the hidden answers follow from; empty if none are hidden
    /** @type {Set<string>} */
    this.revealed = new Set() // feature cells whose answer has been seen
  }

  /**
   * Hide the answers again if the settings have changed.
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
