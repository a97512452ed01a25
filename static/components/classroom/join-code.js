// @ts-check
// How people join a class: letters, QR code and address, large enough for the back row.

import { copy } from "../core/clipboard.js"
import { make, makeButton, setAttributes } from "../core/dom.js"
import { LOST } from "./room.js"
import { people } from "./tally.js"

/** @import { Led } from "./lead.js" */

export class Code {
  /**
   * @param {ParentNode} root
   * @param {() => void} end Closes the class.
   */
  constructor(root, end) {
    this.dialog = make("dialog", "code", root)
    this.dialog.setAttribute("aria-labelledby", "join-title")
    makeButton(this.dialog, "shut", "✕", () => this.close(), "Back to the page")
    const sheet = make("div", "sheet", this.dialog)
    this.qr = make("img", "qr", sheet)
    const words = make("div", "words", sheet)
    make("h2", "", words, "Join the class").id = "join-title"
    this.letters = make("p", "letters", words)
    this.letters.translate = false
    this.address = make("p", "address", words)
    this.address.translate = false
    this.inside = make("p", "inside", words)
    this.inside.setAttribute("role", "status")
    this.note = make("p", "note", words)
    const foot = make("div", "foot", this.dialog)
    make("span", "why", foot, "A class ends three hours after you were last active. No names, no accounts.")
    this.link = ""
    const copied = makeButton(foot, "", "Copy your own link", async () => {
      copied.textContent = (await copy(this.link)) ? "Copied: it leads this class on any device" : "Could not be copied"
    }, "A link for you alone: it leads this class on another device")
    makeButton(foot, "", "Close the class", () => end())
    makeButton(foot, "go", "Begin", () => this.close())
  }

  /**
   * @param {Led} led
   * @param {string} link The teacher's own.
   */
  lead({ address, code, note, qr }, link) {
    this.link = link
    this.qr.src = qr
    this.qr.alt = `QR code of ${address}`
    this.letters.textContent = code
    setAttributes(this.letters, { "aria-label": [...code].join(" ") })
    this.address.textContent = address.replace(/^https?:\/\//, "").replace(/\/[A-Z]{5}$/, "")
    // Text between backticks is to be typed verbatim, so it must not break across lines.
    this.note.replaceChildren(...note.split("`").map((text, i) => i % 2 ? make("code", "", null, text) : text))
    this.note.hidden = !note
    this.tell(0)
  }

  /** @param {number} inside */
  tell(inside) {
    this.inside.textContent = inside ? `${people(inside)} here` : "Waiting for the first …"
  }

  /** The connection is lost; once it is back, the server sends the number of people again. */
  lose() {
    this.inside.textContent = LOST
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal()
  }

  close() {
    if (this.dialog.open) this.dialog.close()
  }
}
