// @ts-check
// The teacher's panel while a class follows: who is there, a question and its answers, the screens of
// those who work alone.

import { leave } from "../core/away.js"
import { make, makeButton, setAttributes } from "../core/dom.js"
import { BASE } from "../core/server.js"
import { asked } from "./answering.js"
import { Asking } from "./asking.js"
import { cover } from "./cover.js"
import { BACK, kept, keepWord } from "./lead-memory.js"
import { drawResult } from "./results.js"
import { answers, people } from "./tally.js"

/** @import { Board } from "../maps/board.js" */
/** @import { Led } from "./lead.js" */
/** @import { Said } from "./room.js" */
/**
 * @typedef {object} Acts
 * @property {(message: Said) => boolean} say Returns whether the connection was open.
 * @property {() => void} present
 * @property {() => void} show Shows the code.
 * @property {() => void} end Closes the class.
 */

export class Panel {
  /**
   * @param {ParentNode} root
   * @param {Acts} acts
   */
  constructor(root, acts) {
    this.acts = acts
    this.page = ""
    /** @type {Said} */
    this.state = fresh()
    this.element = make("aside", "lesson", root)
    this.element.popover = "manual"
    setAttributes(this.element, { "aria-label": "Your class" })
    const head = make("header", "", this.element)
    this.code = make("h2", "", head)
    this.inside = make("span", "inside", head)
    makeButton(head, "", "Code", acts.show, "Show the code and the QR code")
    makeButton(head, "", "Present", acts.present, "Large type, the stages alone (P)")
    makeButton(head, "shut", "✕", () => this.hide(), "Hide the panel; the class goes on")
    this.line = make("p", "line", this.element)
    this.line.setAttribute("role", "status")
    this.body = make("section", "body", this.element)
    this.asking = new Asking(question => acts.say({ ask: question }))
    this.endResult = () => {}
    this.screens = make("section", "screens", this.element)
    const foot = make("footer", "", this.element)
    this.mode = makeButton(foot, "", "", () => acts.say({ mode: this.state.mode === "free" ? "follow" : "free" }))
    makeButton(foot, "", "Close the class", acts.end)
    this.back = makeButton(foot, "go", "Back to my screen", () => this.goBack())
    this.showing = ""
  }

  /** @param {Led} led */
  lead({ code }) {
    this.state = fresh()
    this.code.textContent = code
    this.back.hidden = !kept(BACK)
    this.draw()
  }

  /** @param {Said} said */
  take(said) {
    const { state } = this
    if ("question" in said && said.question?.n !== state.question?.n) state.maps = null // they belong to the previous question
    for (const name of ["answers", "expected", "maps", "mode", "people", "question", "result", "screens"]) if (name in said) state[name] = said[name]
    if ("welcome" in said) {
      state.mode = said.welcome.mode
      this.asking.back()
    }
    if ("error" in said && !this.asking.refused(said.error)) this.tell(said.error)
    if ("standing" in said) this.tell(said.standing)
    if (said.lifted === null) this.tell("That screen is not shown: its owner would rather not, or has left.")
    if ("question" in said && said.question) {
      this.tell("")
      this.asking.posed()
    } else if ("question" in said) this.asking.unposed()
    this.draw()
    this.cover()
  }

  /** Hide the answer; also called when the maps have changed. */
  cover() {
    cover(this.state.question, answers(this.state.question, this.state.result))
  }

  /** @param {string} sentence */
  tell(sentence) {
    this.line.textContent = sentence
  }

  /** The cell in hand has changed. @param {Board} board */
  hold(board) {
    this.asking.hold(board)
  }

  draw() {
    const { answers: counted, expected, maps, mode, people: there, question, result, screens } = this.state
    this.inside.textContent = `${people(there.inside)}${there.free ? `, ${there.free} on their own` : ""}`
    this.mode.textContent = mode === "free" ? "Call everyone back" : "Let everyone work alone"
    const count = question && counted?.n === question.n ? counted.count : 0
    const key = JSON.stringify([question?.n, question?.open, result?.n, Boolean(maps)])
    if (key !== this.showing) this.lay(question, result, maps)
    this.showing = key
    const line = this.body.querySelector(".counted")
    if (line) line.textContent = `${count} of ${expected} answered`
    this.drawScreens(screens)
  }

  /**
   * @param {Said | null} question
   * @param {Said | null} result
   * @param {Uint8Array | null} maps
   */
  lay(question, result, maps) {
    const { acts, body } = this
    this.endResult()
    this.endResult = () => {}
    body.replaceChildren()
    if (!question) {
      body.append(this.asking.element)
      return this.asking.follow()
    }
    const isShown = answers(/** @type {any} */ (question), /** @type {any} */ (result))
    make("h3", "", body, asked(question, isShown && result?.moved))
    if (question.kind === "choose" && !isShown) {
      const list = make("ol", "options", body)
      for (const text of question.options) make("li", "", list, text)
    }
    const line = make("div", "acts")
    if (isShown && result) {
      this.endResult = drawResult(make("div", "result", body), { question, result, maps })
    } else {
      make("p", "counted", body)
      makeButton(line, "go", "Show the answers", () => acts.say({ show: question.n }))
      const close = makeButton(line, "", question.open ? "No more answers" : "Closed", () => acts.say({ close: question.n }))
      close.disabled = !question.open
    }
    makeButton(line, "", isShown ? "Next question" : "Withdraw the question", () => acts.say({ clear: question.n }))
    body.append(line)
  }

  /** @param {{ screen: string, page: string }[]} screens */
  drawScreens(screens) {
    this.screens.hidden = !screens.length
    this.screens.replaceChildren()
    if (!screens.length) return
    make("h3", "", this.screens, "On their own")
    make("p", "hint", this.screens, "Show one to the class, if its owner agrees.")
    const line = make("div", "acts", this.screens)
    screens.forEach(({ page, screen }, i) => {
      const name = page.charAt(0).toUpperCase() + page.slice(1)
      makeButton(line, "", `${name} ${i + 1}`, () => {
        if (this.acts.say({ lift: screen })) this.tell("Asking its owner …")
      }, `Show screen ${i + 1}, on the page ${name}`)
    })
  }

  /**
   * Open someone's screen; the class follows.
   *
   * @param {{ page: string, query: string, screen: string }} shown
   */
  lift({ page, query, screen }) {
    if (!kept(BACK)) keepWord(BACK, location.href)
    const photo = hasPhoto(`?${query}`) ? `&lifted=${this.code.textContent}-${screen}` : ""
    void leave(`${BASE}/${page === "lab" ? "" : page}?${query}${photo}`, sentence => this.tell(sentence))
  }

  goBack() {
    const address = new URL(kept(BACK))
    if (hasPhoto(address.search)) address.searchParams.set("ours", this.code.textContent ?? "") // the room has the photo
    void leave(address, sentence => this.tell(sentence)).then(() => keepWord(BACK, ""))
  }

  toggle() {
    this.element.togglePopover()
    this.asking.follow()
  }

  hide() {
    this.element.hidePopover()
  }

  close() {
    if (this.element.matches(":popover-open")) this.hide()
    this.state = fresh()
    this.showing = ""
  }
}

/** Whether a link shows a user's own photo. @param {string} search */
const hasPhoto = search => new URLSearchParams(search).get("photo") === "on"

/** @returns {Said} */
const fresh = () =>
  ({ answers: null, expected: 0, maps: null, mode: "follow", people: { inside: 0, free: 0 }, question: null, result: null, screens: [] })
