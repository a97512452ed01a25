// @ts-check
// The button at the top of every page: present, lead a class, join one. For a teacher who leads, it
// opens the class: the code, the questions, the way out.

import { leaveOut } from "../core/address.js"
import { leadAway } from "../core/away.js"
import { find, make, makeButton, setAttributes } from "../core/dom.js"
import { sheetOf } from "../core/load.js"
import { Mounts } from "../core/mounts.js"
import { isPresenting, onPresent, present } from "../core/present.js"
import { BASE } from "../core/server.js"
import { shownBoards } from "../maps/boards.js"
import { onPointed } from "../maps/pointed.js"
import { cover } from "./cover.js"
import { Code } from "./join-code.js"
import { LEAD, SESSION, answerTabs, isLedElsewhere, kept, keepWord } from "./lead-memory.js"
import { LOST, Room } from "./room.js"
import { people } from "./tally.js"
import { Panel } from "./teacher-panel.js"

/** @import { Component } from "../core/component.js" */
/** @import { Board } from "../maps/board.js" */
/** @import { Said } from "./room.js" */
/** @typedef {{ code: string, key: string, word: string, session: string, address: string, qr: string, note: string }} Led */
/** @typedef {{ room: Led | null, offer: string, page: string, error: string }} Data */

const TAKEN = "Another device leads this class now." // as in lead.py

const answers = sheetOf(new URL("answers.css", import.meta.url).href)
const mounts = new Mounts(root => new Lead(find(root, ".lead")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const lead = mounts.of(parentElement)
  lead.send = setTriggerValue
  lead.take(data)
  return () => {
    lead.end()
    mounts.forget(parentElement)
  }
}

class Lead {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {Component<Data>["setTriggerValue"]} */
    this.send = () => {}
    /** @type {Led | null} */
    this.led = null
    /** @type {Room | null} */
    this.room = null
    this.inside = { inside: 0, free: 0 }
    this.asked = false // whether the room of an earlier visit was asked for
    this.ends = false // the class is being closed from this tab
    this.frame = 0
    /** @type {Board | null} */
    this.pointed = null
    root.replaceChildren()
    const shadow = root.getRootNode()
    void answers.then(sheet => { if (shadow instanceof ShadowRoot) shadow.adoptedStyleSheets.push(sheet) })
    this.button = makeButton(root, "class", "Class", () => this.toggle())
    this.exit = makeButton(root, "exit", "✕", () => present(false), "Stop presenting (P)")
    this.menu = make("div", "menu", root)
    this.menu.popover = "auto"
    setAttributes(this.menu, { role: "dialog", "aria-label": "Class" })
    makeButton(this.menu, "item", "", () => this.present()).append(...item("Present", "Large type, the stages alone.", "P"))
    this.begin = makeButton(this.menu, "item", "", () => this.open())
    this.begin.append(...item("Lead a class", "Everyone sees your screen on their own, and answers your questions."))
    const join = make("a", "item", this.menu)
    join.href = `${BASE}/join`
    join.append(...item("Join a class", "With the five letters that your teacher shows."))
    this.said = make("p", "said", this.menu)
    this.said.setAttribute("role", "alert")
    leadAway(join, sentence => { this.said.textContent = sentence })
    this.notice = make("div", "menu notice", root)
    this.notice.popover = "manual"
    this.panel = new Panel(root, {
      say: message => this.room?.say(message) ?? false, present: () => this.present(), show: () => this.code.open(), end: () => this.close(),
    })
    this.code = new Code(root, () => this.close())
    const turn = () => root.classList.toggle("presenting", isPresenting())
    const silence = answerTabs(() => this.led?.word ?? "")
    const ends = [onPointed(board => this.point(board)), onPresent(turn), this.panel.asking.leave, silence]
    this.unlisten = () => ends.forEach(end => end())
    turn()
  }

  present() {
    this.menu.hidePopover()
    present(!isPresenting())
  }

  open() {
    this.said.textContent = "Opening …"
    this.send("open", BASE)
  }

  /** @param {Data} data */
  take({ error, offer, page, room }) {
    const word = offer || kept(LEAD)
    if (!room && word && !this.asked) {
      if (offer) this.resume(word, word === kept(LEAD) ? kept(SESSION) : "")
      else void this.leadOn(word)
    }
    this.asked = true
    this.panel.page = page
    if (error) {
      keepWord(LEAD, "")
      this.say(error, error === TAKEN ? this.led?.word ?? word : "")
      if (offer) leaveOut("lead")
    }
    if (room?.session === this.led?.session) return
    if (this.led && !room && !error) { // the server has a new session for this tab
      this.room?.leave() // otherwise it would be told that another session leads
      return this.resume(this.led.word, this.led.session)
    }
    const isNew = this.menu.matches(":popover-open") // the class was opened here, not resumed
    this.room?.leave()
    this.room = null
    this.led = room
    if (room) this.lead(room, isNew)
    else this.follow()
  }

  /** Lead on after a reload; a duplicated tab leaves the class to the original. @param {string} word */
  async leadOn(word) {
    if (await isLedElsewhere(word)) keepWord(LEAD, "")
    else this.resume(word, kept(SESSION))
  }

  /**
   * @param {string} word
   * @param {string} [after] The session that led here. If another session leads by now, it keeps the
   *   class.
   */
  resume(word, after = "") {
    this.send("resume", { word, base: BASE, after })
  }

  /**
   * Say what has happened to the class: in the menu if it is open, else below the button.
   *
   * @param {string} sentence
   * @param {string} [word] To lead that class again from here.
   */
  say(sentence, word = "") {
    this.said.textContent = sentence
    if (this.menu.matches(":popover-open")) return
    this.hush()
    make("p", "", this.notice, sentence).setAttribute("role", "alert")
    const line = make("div", "acts", this.notice)
    if (word) makeButton(line, "go", "Lead here", () => this.resume(word))
    makeButton(line, "", "OK", () => this.hush())
    this.notice.showPopover()
    this.lay(this.notice)
  }

  hush() {
    this.notice.replaceChildren()
    this.notice.hidePopover()
  }

  /**
   * @param {Led} led
   * @param {boolean} isNew
   */
  lead(led, isNew) {
    keepWord(LEAD, led.word)
    keepWord(SESSION, led.session)
    this.ends = false
    this.said.textContent = ""
    this.menu.hidePopover()
    this.hush()
    this.panel.lead(led)
    this.code.lead(led, `${BASE}/?lead=${led.word}`)
    this.room = new Room(() => ({ lead: led.code, key: led.key, session: led.session }), {
      heard: said => this.hear(said),
      stepped: async step => {
        if (step.put.has("answers")) this.panel.take({ maps: step.put.get("answers") })
        this.panel.cover()
      },
      lined: isOpen => {
        this.panel.tell(isOpen ? "" : LOST)
        if (!isOpen) this.code.lose()
        const board = isOpen && shownBoards().find(({ cursor }) => cursor)
        if (board) this.point(board)
      },
      over: sentence => {
        this.room = null
        this.follow()
        if (!this.ends) this.say(sentence)
      },
    })
    this.label()
    if (isNew) this.code.open()
  }

  /** Stop leading. */
  follow() {
    if (this.led) this.send("leave", Date.now())
    this.led = null
    keepWord(LEAD, "")
    this.panel.close()
    this.code.close()
    cover(null)
    this.label()
  }

  /** End the class; it is over when the server says so. */
  close() {
    this.ends = this.room?.say({ end: true }) ?? false
  }

  /** @param {Said} said */
  hear(said) {
    if ("people" in said) {
      this.inside = said.people
      this.code.tell(this.inside.inside)
      this.label()
    }
    if (said.replaced) return this.lose()
    if ("lifted" in said) this.room?.say({ lift: null }) // or it would be told again
    if (said.lifted) this.panel.lift(said.lifted)
    this.panel.take(said)
  }

  /** Another session leads the class, so close its panel here. */
  lose() {
    const word = this.led?.word
    this.room?.leave()
    this.room = null
    this.follow()
    this.say(TAKEN, word)
  }

  label() {
    const { button, inside, led } = this
    button.textContent = led ? `${led.code} · ${inside.inside}` : "Class"
    button.title = led ? `${people(inside.inside)} in your class` : ""
    button.setAttribute("aria-label", led ? `Class ${led.code}, ${people(inside.inside)}` : "Class")
    button.classList.toggle("leads", Boolean(led))
  }

  toggle() {
    if (this.led) this.panel.toggle()
    else {
      this.hush()
      this.menu.togglePopover()
      this.lay(this.menu)
    }
  }

  /** Put a menu below the button, entirely inside the window. @param {HTMLElement} menu */
  lay(menu) {
    const { bottom, right } = this.button.getBoundingClientRect()
    const room = document.documentElement.clientWidth
    menu.style.top = `${bottom + 6}px`
    menu.style.right = `${Math.max(8, Math.min(room - right, room - menu.offsetWidth - 8))}px`
    menu.style.maxHeight = `${window.innerHeight - bottom - 14}px`
  }

  /**
   * Tell the class the latest cell in hand, at most once per frame.
   *
   * @param {Board} board
   */
  point(board) {
    this.panel.hold(board)
    if (!this.room) return
    this.pointed = board
    if (this.frame) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      const { cursor, name, pinned } = this.pointed ?? board
      this.room?.say({ cell: cursor && { board: name, ...cursor, pinned } })
    })
  }

  end() {
    this.unlisten()
    this.room?.leave()
    cancelAnimationFrame(this.frame)
    cover(null)
  }
}

/**
 * @param {string} title
 * @param {string} text
 * @param {string} [key]
 */
function item(title, text, key = "") {
  const head = make("strong", "", null, title)
  if (key) make("kbd", "", head, key)
  return [head, make("span", "", null, text)]
}
