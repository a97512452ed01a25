// @ts-check
// The page of a follower: first the code, then the teacher's screen.

import { leadAway, leave } from "../core/away.js"
import { make, setAttributes, setText } from "../core/dom.js"
import { onPainted } from "../core/painted.js"
import { BASE } from "../core/server.js"
import { remember } from "../core/visits.js"
import { asked, drawForm } from "./answering.js"
import { cover } from "./cover.js"
import { codeIn, codeOf, forget, identity, keep } from "./identity.js"
import { drawResult } from "./results.js"
import { LOST, Room } from "./room.js"
import { Screen } from "./screen.js"
import { answers, people, verdict } from "./tally.js"

/** @import { WholeForm } from "./answering.js" */
/** @import { Said } from "./room.js" */

const SENDING = "Sending …"
const WAITING = "Your answer will be sent when the connection is back."
const SENT = "Sent. You can change it until the question closes."
const AFTER = "Work alone after the question"
const PAUSE = 150 // ms between two answers: a held key changes the answer more often than the server accepts
const LATE = "Closed before your answer arrived."

class Follower {
  constructor() {
    const bar = make("header", "bar", document.body)
    make("strong", "", bar, "cnnviz")
    this.code = make("span", "code", bar)
    this.inside = make("span", "inside", bar)
    this.alone = make("a", "alone", bar, "Work alone")
    this.line = make("p", "line", document.body)
    this.line.setAttribute("role", "status")
    leadAway(this.alone, sentence => { this.line.textContent = sentence })
    this.card = make("section", "card", document.body)
    this.card.setAttribute("aria-label", "Question")
    this.main = make("main", "", document.body)
    this.screen = new Screen(this.main)
    this.alone.hidden = this.card.hidden = true
    /** @type {Room | null} */
    this.room = null
    /** @type {Said | null} */
    this.question = null
    /** @type {Said | null} */
    this.result = null
    /** @type {Uint8Array | null} */
    this.maps = null // the maps of drawn kernels
    /** @type {WholeForm | null} */
    this.form = null
    /** @type {{ n: number, value: unknown } | null} */
    this.unsent = null // an answer that the server has not confirmed yet
    this.pause = 0 // a timer; while it runs, the next answer has to wait
    this.late = 0 // number of a question that was closed before the answer arrived
    this.isBack = false // the connection is new: messages sent before may be lost
    this.endCard = () => {}
    onPainted(() => this.drawAsked())
    this.mode = "follow"
    this.hides = false // an answer is hidden: working alone on the same screen would reveal it
    this.standing = ""
  }

  /** @param {string} code */
  enter(code) {
    remember("film") // only the teacher moves the window over the maps
    document.title = `${code} · cnnviz`
    this.code.textContent = code
    this.line.textContent = `Joining ${code} …`
    this.room = new Room(() => ({ join: code, me: identity(code) }), {
      heard: said => this.hear(code, said),
      stepped: async step => {
        await this.screen.take(step)
        if (step.put.has("answers")) this.maps = step.put.get("answers") ?? null
        if (step.screen) this.link(code)
        if (step.screen || step.put.has("answers")) this.ask()
        this.cover()
        document.documentElement.dataset.step = String(step.step) // for tests
      },
      lined: isOpen => {
        this.line.textContent = isOpen ? this.standing : LOST
        this.isBack = isOpen
        if (this.unsent && !isOpen) this.form?.tell(WAITING)
      },
      over: (sentence, isFull) => {
        if (!isFull) forget(code) // a full class still recognises people who come back
        this.leave(sentence, isFull ? code : "")
      },
    })
  }

  /**
   * @param {string} code
   * @param {Said} said
   */
  hear(code, said) {
    if ("welcome" in said) {
      keep(code, said.welcome.me)
      this.follow(code, said.welcome.mode)
    }
    if ("people" in said) this.inside.textContent = people(said.people.inside)
    if ("mode" in said) this.follow(code, said.mode)
    const before = this.question
    if ("question" in said) this.question = said.question
    if (before?.n !== this.question?.n) this.maps = null // they belong to the previous question
    if ("result" in said) this.result = said.result
    if ("standing" in said) this.line.textContent = this.standing = said.standing
    if ("error" in said) {
      this.unsent = null
      this.form?.tell(said.error)
    }
    if ("question" in said || "result" in said) {
      this.ask()
      this.cover()
    }
    if ("question" in said) this.compare(before)
  }

  /** @param {unknown} value */
  answer(value) {
    this.unsent = { n: this.question?.n, value }
    if (this.pause) this.form?.tell(SENDING)
    else this.deliver()
  }

  deliver() {
    const { form, room, unsent } = this
    if (!unsent) return
    form?.tell(room?.say({ answer: unsent.n, value: unsent.value }) ? SENDING : WAITING)
    clearTimeout(this.pause)
    this.pause = window.setTimeout(() => {
      this.pause = 0
      if (this.unsent !== unsent) this.deliver()
    }, PAUSE)
  }

  /** Compare this tab's answer with the one that the server has. @param {Said | null} before The question, as it was. */
  compare(before) {
    const { form, isBack, question, unsent } = this
    this.isBack = false
    if (!form || !question) return
    if (unsent && unsent.n === question.n && !isSame(unsent.value, question.mine)) {
      if (isBack) this.deliver()
      return
    }
    this.unsent = null
    if (question.mine === null) return
    // Another tab of the same person may have answered.
    if (!unsent && (before?.n !== question.n || !isSame(before?.mine, question.mine))) form.show(question.mine)
    form.tell(SENT)
  }

  /** The link that opens the teacher's page for working alone. @param {string} code */
  link(code) {
    const { shown } = this.screen
    const isFree = this.mode === "free"
    this.alone.classList.toggle("wanted", isFree && !this.hides)
    setText(this.alone, this.hides ? AFTER : isFree ? "Work on your own now" : "Work alone")
    this.alone.hidden = !shown
    if (!shown) return
    if (this.hides) return this.alone.removeAttribute("href")
    const page = shown.page === "lab" ? "" : shown.page
    const lifted = shown.photo.includes("-") ? `lifted=${shown.photo}` : ""
    const query = [shown.link, `room=${code}`, lifted].filter(Boolean).join("&")
    this.alone.href = `${BASE}/${page}?${query}`
  }

  /**
   * @param {string} code
   * @param {string} mode
   */
  follow(code, mode) {
    this.mode = mode
    this.link(code)
  }

  /** Hide the answer. */
  cover() {
    this.hides = cover(this.question, answers(/** @type {any} */ (this.question), /** @type {any} */ (this.result)))
    this.link(this.code.textContent ?? "")
  }

  /** Show the question, or its result. */
  ask() {
    const { card, question, result } = this
    if (this.form && question?.open && card.dataset.n === String(question.n)) return // keep what has been typed
    this.endCard()
    this.endCard = () => {}
    this.form = null
    card.hidden = !question
    if (!question) return card.replaceChildren()
    card.dataset.n = String(question.n)
    const hasMoved = result?.n === question.n && result?.moved
    card.replaceChildren(make("h2", "", null, asked(question, hasMoved)))
    const body = make("div", "body", card)
    if (this.unsent?.n === question.n && !question.open && question.mine === null) this.late = question.n
    const isLate = this.late === question.n
    if (result && result.n === question.n) {
      make("p", "verdict", body, isLate ? LATE : verdict(/** @type {any} */ (result))).dataset.right = String(result.right)
      this.endCard = drawResult(make("div", "result", body), { question, result, maps: this.maps })
    } else if (question.open) {
      this.form = drawForm(body, question, value => this.answer(value))
      this.endCard = () => this.form?.end?.()
    } else make("p", "", body, isLate ? LATE : question.mine === null ? "Closed." : "Closed: your answer counts.")
  }

  /** The maps that are asked about have come, or changed. */
  drawAsked() {
    const title = this.card.querySelector("h2")
    if (!this.form || !this.question || !title) return
    setText(title, asked(this.question))
    this.form.draw?.()
  }

  /**
   * @param {string} sentence
   * @param {string} code The code to try again.
   */
  leave(sentence, code) {
    this.endCard()
    document.body.replaceChildren()
    ask(sentence, code)
  }
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)

/**
 * Ask for the letters of a class.
 *
 * @param {string} [sentence]
 * @param {string} [code] What the field shows at first.
 */
function ask(sentence = "", code = "") {
  document.title = "Join a class · cnnviz"
  const form = make("form", "code-form", make("main", "", document.body))
  const label = make("label", "", make("h1", "", form), "Join a class")
  const field = make("input", "", form)
  field.id = label.htmlFor = "code"
  field.value = code
  setAttributes(field, {
    autocomplete: "off", autocapitalize: "characters", spellcheck: "false", enterkeyhint: "go",
    placeholder: "ABCDE", "aria-describedby": "told",
  })
  make("button", "go", form, "Join")
  const told = make("p", "told", form, sentence || "Type the five letters on the screen in front.")
  told.id = "told"
  told.setAttribute("role", "status")
  form.onsubmit = event => {
    event.preventDefault()
    const code = codeOf(field.value)
    if (!code) told.textContent = "Five letters, as on the screen in front."
    else void leave(`${BASE}/join/${code}`, sentence => { told.textContent = sentence })
  }
  field.focus()
}

const code = codeIn(location.pathname.slice(new URL(BASE + "/join/").pathname.length))
if (code) new Follower().enter(code)
else ask()
