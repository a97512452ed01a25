// @ts-check
// The bar for a follower who is working alone: it leads back to the class, and asks whether the class
// may see this screen.

import { leaveOut, onAddress, settleAddress } from "../core/address.js"
import { leadAway } from "../core/away.js"
import { find, make, makeButton } from "../core/dom.js"
import { Mounts } from "../core/mounts.js"
import { BASE } from "../core/server.js"
import { hand } from "../live/hand.js"
import { identity, keep } from "./identity.js"
import { LOST, Room } from "./room.js"

/** @import { Component } from "../core/component.js" */
/** @import { Said } from "./room.js" */
/** @typedef {{ code: string, page: string, lent: number }} Data `lent`: the request whose photo has arrived. */

const PHOTO = 5000 // ms to wait for the photo: a request is lost if the connection is down

const mounts = new Mounts(root => new ClassBar(find(root, ".class-bar")))

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const bar = mounts.of(parentElement)
  bar.send = setTriggerValue
  bar.take(data)
  return () => {
    bar.end()
    mounts.forget(parentElement)
  }
}

class ClassBar {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    /** @type {Data} */
    this.data = { code: "", page: "", lent: 0 }
    /** @type {Component<Data>["setTriggerValue"]} */
    this.send = () => {}
    this.lending = 0 // a request to show this screen, whose photo is on its way
    this.timer = 0
    /** @type {Room | null} */
    this.room = null
    this.mode = "" // the last known mode of the class
    this.isCalled = false // the teacher has ended working alone for everyone
    this.question = this.isLost = false
    root.replaceChildren()
    this.text = make("span", "text", root)
    this.text.setAttribute("role", "status")
    this.yes = makeButton(root, "", "Show it", () => this.agree(true))
    this.no = makeButton(root, "", "Rather not", () => this.agree(false))
    this.back = make("a", "back", root, "Back to the teacher")
    leadAway(this.back, sentence => { this.text.textContent = sentence })
    this.lift(false)
    this.leave = onAddress(() => this.here())
  }

  /** @param {Data} data */
  take(data) {
    const moved = data.page !== this.data.page
    this.data = data
    if (!this.room) this.enter(data.code)
    else if (moved) this.here()
    if (this.lending && data.lent === this.lending) this.answer(true)
  }

  /** @param {string} code */
  enter(code) {
    this.back.href = `${BASE}/join/${code}`
    this.room = new Room(() => ({ join: code, me: identity(code), free: true }), {
      heard: said => this.hear(said),
      lined: isOpen => {
        this.isLost = !isOpen
        if (isOpen) this.here()
        else this.lift(false) // the server asks again if the teacher still waits
        this.say()
      },
      over: (sentence, isFull) => {
        this.leave()
        this.lift(false)
        this.back.hidden = true
        this.root.classList.add("wanted")
        this.text.textContent = sentence
        if (!isFull) leaveOut("room") // so that a reload does not look for the class again
      },
    })
    this.say()
  }

  /** @param {Said} said */
  hear(said) {
    if ("welcome" in said) {
      keep(this.data.code, said.welcome.me)
      this.turn(said.welcome.mode)
    }
    if ("mode" in said) this.turn(said.mode)
    if ("question" in said) this.question = Boolean(said.question?.open)
    if ("lift" in said) this.lift(said.lift)
    this.say()
  }

  /** The class follows, or everyone works alone. @param {string} mode */
  turn(mode) {
    this.isCalled = mode === "follow" && (this.isCalled || this.mode === "free")
    this.mode = mode
  }

  say() {
    const { data: { code }, isCalled, isLost, question } = this
    if (!this.yes.hidden) return
    const alone = isCalled ? "Your teacher is calling everyone back." : `You work alone. Class ${code} goes on.`
    this.text.textContent = isLost ? LOST : question ? `Class ${code} has a question.` : alone
    this.root.classList.toggle("wanted", question || isCalled)
  }

  /** Tell the room which page this is, and keep the class in the address, so that a reload finds it again. */
  here() {
    if (this.room?.isOver) return
    const address = new URL(location.href)
    if (!address.searchParams.has("room")) {
      address.search = [address.search.slice(1), `room=${this.data.code}`].filter(Boolean).join("&")
      history.replaceState(history.state, "", address)
    }
    this.room?.say({ here: { page: this.data.page, query: withoutClass(location.search) } })
  }

  /** @param {boolean} asked */
  lift(asked) {
    this.lending = 0
    this.wait(false)
    this.yes.hidden = this.no.hidden = !asked
    if (asked) this.text.textContent = "Your teacher would like to show your screen to the class, without your name."
    else this.say()
  }

  /** @param {boolean} agree */
  agree(agree) {
    if (!agree) return this.answer(false)
    this.wait(true)
    hand.whenRested(() => { if (this.yes.disabled) this.lend() }) // so that the screen includes the user's last change
  }

  /** @param {boolean} isWaiting For the screen to be shown; meanwhile, no other answer can be given. */
  wait(isWaiting) {
    clearTimeout(this.timer)
    this.yes.disabled = this.no.disabled = isWaiting
  }

  /** Show the screen once the room has its photo, which a link cannot carry. */
  lend() {
    settleAddress()
    if (new URLSearchParams(location.search).get("photo") === "on") {
      this.lending = Date.now()
      this.send("lend", { me: identity(this.data.code), n: this.lending })
      this.timer = window.setTimeout(() => this.wait(false), PHOTO)
    } else this.answer(true)
  }

  /** Send the screen as it is now to the teacher who has asked for it. @param {boolean} agree */
  answer(agree) {
    settleAddress()
    this.here()
    this.room?.say({ agree })
    this.lift(false)
  }

  end() {
    clearTimeout(this.timer)
    this.leave()
    this.room?.leave()
  }
}

/**
 * The settings of a link, without the class.
 *
 * @param {string} search
 */
const withoutClass = search =>
  search.slice(1).split("&").filter(word => word && !/^(room|lifted|ours)=/.test(word)).join("&")
