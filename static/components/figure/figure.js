// @ts-check
// The screen as a figure for slides: choose options, preview, copy or save. It is made in the browser from
// what the page shows, so that the cell in hand and the view match the screen; the server is not asked.

import { find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { captionOf, compose, present, reckoned } from "./compose.js"
import { png, save } from "./files.js"

/** @import { Component } from "../core/component.js" */
/** @import { Options, Part } from "./compose.js" */

const NOTHING = "This part of the page has no maps to make a figure of."
const TITLES = /** @type {const} */ ({ light: "Light", dark: "Dark", transparent: "Transparent" })
const LONGEST = 200 // letters of a caption

const mounts = new Mounts(root => new Figure(find(root, ".figure")))

/** @param {Component<object>} component */
export default function ({ parentElement }) {
  mounts.of(parentElement).open(document.querySelector("h1.page")?.textContent ?? "")
  return () => mounts.of(parentElement).close()
}

class Figure {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {Options} */
    this.options = { look: "light", sums: true, caption: "" }
    /** @type {Part[]} */
    this.parts = []
    this.name = "cnnviz"
    this.made = { svg: "", width: 0, height: 0 }
    this.address = ""
    const first = make("div", "row", root)
    const looks = make("div", "looks", first)
    looks.setAttribute("role", "group")
    looks.setAttribute("aria-label", "Background")
    this.looks = Object.entries(TITLES).map(([look, title]) => {
      const button = makeButton(looks, "", title, () => this.set({ look: /** @type {Options["look"]} */ (look) }))
      button.dataset.look = look
      return button
    })
    this.sums = make("label", "", first)
    this.written = make("input", "", this.sums)
    this.written.type = "checkbox"
    this.written.onchange = () => this.set({ sums: this.written.checked })
    this.sums.append("Arithmetic of the cell")
    const second = make("label", "caption", root, "Caption")
    this.caption = make("input", "", second)
    this.caption.maxLength = LONGEST
    this.caption.oninput = () => this.set({ caption: this.caption.value.trim() })
    this.preview = make("img", "preview", root)
    const last = make("div", "row", root)
    this.acts = [
      makeButton(last, "main", "Copy as picture", () => this.copy()),
      makeButton(last, "", "Save PNG", () => this.savePng()),
      makeButton(last, "", "Save SVG", () => this.saveSvg()),
    ]
    this.said = make("p", "said", root)
    this.said.setAttribute("role", "status")
  }

  /**
   * Find out what is on the page, and draw it.
   *
   * @param {string} page Its name.
   */
  open(page) {
    this.parts = present()
    this.name = ["cnnviz", page.toLowerCase()].filter(Boolean).join("-")
    const caption = captionOf(this.parts, page).slice(0, LONGEST)
    this.caption.value = caption
    const board = reckoned(this.parts)
    this.sums.hidden = !board
    this.said.textContent = this.parts.length ? "" : NOTHING
    for (const act of [...this.acts, ...this.looks]) act.disabled = !this.parts.length
    this.preview.hidden = !this.parts.length
    this.set({ caption, sums: Boolean(board) })
  }

  close() {
    URL.revokeObjectURL(this.address)
  }

  /** @param {Partial<Options>} some */
  set(some) {
    Object.assign(this.options, some)
    const { caption, look, sums } = this.options
    this.written.checked = sums
    this.looks.forEach(button => button.setAttribute("aria-pressed", String(button.dataset.look === look)))
    if (!this.parts.length) return
    this.made = compose(this.parts, this.options)
    URL.revokeObjectURL(this.address)
    this.address = URL.createObjectURL(new Blob([this.made.svg], { type: "image/svg+xml" }))
    this.preview.src = this.address
    this.preview.alt = caption || "The figure"
    this.preview.classList.toggle("through", look === "transparent")
  }

  async copy() {
    try {
      // Pass the promise to the item: some browsers allow access to the clipboard only directly in
      // a click handler.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png(this.made) })])
      this.said.textContent = "Copied: paste it into a slide."
    } catch {
      this.said.textContent = "This browser does not allow the page to copy pictures. Save it instead."
    }
  }

  async savePng() {
    save(await png(this.made), `${this.name}.png`)
    this.said.textContent = `Saved as ${this.name}.png, ${2 * this.made.width} pixels wide.`
  }

  saveSvg() {
    save(new Blob([this.made.svg], { type: "image/svg+xml" }), `${this.name}.svg`)
    this.said.textContent = `Saved as ${this.name}.svg; its words can be edited.`
  }
}
