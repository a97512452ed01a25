// @ts-check
// The page's theme, and its colours for the maps of a board.

import { isDark, isOnPaper, palette } from "../core/colour.js"

/** @import { Message } from "../core/message.js" */
/** @import { Header } from "./header.js" */
/** @typedef {{ theme: "dark" | "light", accent: string }} Look Of the page. */
/** @typedef {Look & { colours: Uint32Array }} Theme */

/**
 * The page is asked once, and again when its theme may have changed: each query forces a layout of
 * everything written before it.
 */
export class BoardTheme {
  constructor() {
    /** @type {Look | null} */
    this.look = null
    /** @type {Theme | null} */
    this.theme = null
    this.isOnPaper = false
  }

  /**
   * The theme, and its colours in a message.
   *
   * @param {Message<Header>} message
   * @param {Element} element On the page.
   */
  of({ header, plane }, element) {
    if (this.isOnPaper !== isOnPaper()) this.forget()
    if (this.theme) return this.theme
    this.look ??= {
      theme: isDark(element) ? "dark" : "light",
      accent: getComputedStyle(element).getPropertyValue("--st-primary-color"),
    }
    return (this.theme = { ...this.look, colours: palette(plane(header.table[this.look.theme], 3 * 256)) })
  }

  /** A new message has arrived, with its own colours. */
  repaint() {
    this.theme = null
  }

  /** The page may have another theme. */
  forget() {
    this.look = this.theme = null
    this.isOnPaper = isOnPaper()
  }
}
