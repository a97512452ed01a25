// @ts-check
// What the hand has changed and the page does not know yet, and the maps that follow from it.
//
// A change goes up the live channel, at most one request at a time: while one is under way the
// latest values wait, and leave when the answer has come. The page runs when the hand rests
// or lets go, and tells with which values. Of what the channel has painted since, maps of a run that
// the hand has overtaken wait until a run knows all that was changed.

import { Channel } from "./channel.js"
import { withFrame } from "./wire.js"

/** @import { End } from "./channel.js" */
/** @import { Frame, Header } from "./wire.js" */
/**
 * @typedef {(message: Uint8Array, overtaken: boolean) => void} Take Shows what has come; where it is
 *   overtaken, an answer to newer settings follows.
 */

const LOST = 5000 // ms after which the page is no longer waited for
const PACE = 10 // ms from the maps of a frame to the next frame of the camera

class Hand {
  constructor() {
    /** @type {Map<string, { owner: object, take: Take }>} */
    this.receivers = new Map() // what a message is for → what takes it
    /** @type {Map<string, string>} */
    this.known = new Map() // setting → the text of its value in the page's last run
    /** @type {Map<string, string>} */
    this.changes = new Map() // setting → the text of its value by the hand
    /** @type {Set<string>} */
    this.painted = new Set() // what the channel has painted and the page does not know yet
    /** @type {Map<string, () => void>} */
    this.late = new Map() // what a message is for → what shows that of a run which came too early
    /** @type {(() => void)[]} */
    this.told = [] // what is called when the next request has been answered
    /** @type {(() => void)[]} */
    this.resting = [] // what is called when the page knows all that was changed
    /** @type {Set<() => void>} */
    this.ready = new Set() // what is called when more may be covered than before
    /** @type {{ n: number, told: (() => void)[] } | null} */
    this.flight = null
    this.n = 0
    this.stale = 0 // answers up to this one are out of date
    this.isNew = false // something has changed since the last request
    /** @type {(() => Frame | null) | null} */
    this.grab = null // gives the present frame, as long as the camera is on
    this.timer = 0
    this.channel = new Channel({
      heard: (header, message) => this.hear(header, message),
      ended: end => this.end(end),
      opened: () => {
        document.documentElement.dataset.cnnvizLive = "open" // for tests
        this.leave()
        this.tellReady()
      },
      lost: () => {
        document.documentElement.dataset.cnnvizLive = "lost"
        this.drop()
      },
    })
  }

  /**
   * The page has run, with these values, as the session of that token.
   *
   * @param {string} token
   * @param {Record<string, string>} values
   */
  enter(token, values) {
    this.known = new Map(Object.entries(values))
    this.channel.enter(token)
    for (const [key, text] of this.changes) if (isSame(this.known.get(key) ?? "", text)) this.changes.delete(key)
    this.settle()
    this.tellReady()
  }

  /** The page is gone. */
  exit() {
    this.known.clear()
    this.changes.clear()
    this.settle()
  }

  /**
   * Whether maps follow a setting through the channel.
   *
   * @param {string} key
   */
  covers(key) {
    return this.channel.isOpen && this.known.has(key)
  }

  /**
   * Have `act` called whenever settings may have come to be covered: a page opens before its channel.
   * Returns what ends it.
   *
   * @param {() => void} act
   */
  onReady(act) {
    this.ready.add(act)
    return () => { this.ready.delete(act) }
  }

  tellReady() {
    for (const act of this.ready) act()
  }

  /** Whether the page lags behind the hand. */
  get isAhead() {
    return this.changes.size > 0
  }

  /**
   * Have `take` called with what the channel has for a place on the page; returns what ends it.
   *
   * @param {string} place
   * @param {object} owner
   * @param {Take} take
   */
  receive(place, owner, take) {
    this.receivers.set(place, { owner, take })
    return () => { if (this.receivers.get(place)?.owner === owner) this.receivers.delete(place) }
  }

  /**
   * Show what a run has sent to a place: at once, or when the run is known to know all.
   *
   * @param {string} place
   * @param {() => void} show
   */
  run(place, show) {
    this.late.delete(place)
    if (this.painted.has(place)) this.late.set(place, show)
    else show()
  }

  /**
   * The hand has changed something; `painted` is called when what follows is on the screen.
   *
   * @param {string} key
   * @param {string | number} value As a link writes it.
   * @param {() => void} [painted]
   */
  move(key, value, painted = () => {}) {
    this.changes.set(key, String(value))
    this.told.push(painted)
    this.isNew = true
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.forget(), LOST)
    this.leave()
  }

  /**
   * The page has run with what was asked of it for a setting, whatever it has made of that.
   *
   * @param {string} key
   */
  answered(key) {
    if (this.changes.delete(key)) this.settle()
  }

  /**
   * Have `act` called once the page knows all that was changed, and has drawn what follows.
   *
   * @param {() => void} act
   */
  whenRested(act) {
    this.resting.push(act)
    this.tellRested()
  }

  tellRested() {
    if (this.isAhead) return
    const acts = this.resting.splice(0)
    if (acts.length) requestAnimationFrame(() => acts.forEach(act => act()))
  }

  /**
   * Let the maps be those of the camera: of a frame with each request.
   *
   * @param {() => Frame | null} grab
   */
  film(grab) {
    this.grab = grab
    this.leave()
  }

  /** Let the maps be those of the picture again. */
  cut() {
    if (!this.grab) return
    this.grab = null
    this.isNew = true
    this.leave()
  }

  // What goes up and comes down

  leave() {
    if (this.flight || !(this.isNew || this.grab) || !this.channel.isOpen || document.hidden) return
    const frame = this.grab?.()
    if (this.grab && !frame) return // the camera has not begun yet
    this.isNew = false
    this.flight = { n: ++this.n, told: this.told }
    this.told = []
    const set = Object.fromEntries(this.changes)
    this.channel.say(frame ? withFrame(this.n, set, frame) : { n: this.n, set })
  }

  /**
   * A part of an answer has come. After the last one the next request leaves first: while the server
   * works on that, this part is painted.
   *
   * @param {Header} header
   * @param {Uint8Array} message
   */
  hear({ n, to, last }, message) {
    const told = last && this.land(n)
    const receiver = this.receivers.get(to)
    if (n > this.stale && receiver) {
      this.painted.add(to)
      receiver.take(message, this.isNew || this.grab !== null || (this.flight?.n ?? n) > n)
    }
    if (told) this.tellPainted(told)
  }

  /**
   * An answer has been given, with maps or without.
   *
   * @param {End} end
   */
  end({ n, error }) {
    if (n > this.stale) document.dispatchEvent(new CustomEvent("cnnviz:refused", { detail: error ?? "" }))
    const told = this.land(n)
    if (told) this.tellPainted(told)
  }

  /**
   * Have the next request leave, if this was the answer that was waited for; return who waits for
   * what it brings to be painted. Otherwise it is planes that come again, whole, or its end.
   *
   * @param {number} n
   */
  land(n) {
    if (n !== this.flight?.n) return null
    const { told } = this.flight
    this.flight = null
    if (!this.grab) this.leave()
    return told
  }

  /**
   * The next frame paints what has come.
   *
   * @param {(() => void)[]} told
   */
  tellPainted(told) {
    requestAnimationFrame(() => {
      told.forEach(painted => painted())
      if (this.grab) setTimeout(() => this.leave(), PACE)
    })
  }

  drop() {
    this.told = [...(this.flight?.told ?? []), ...this.told]
    this.flight = null
    this.isNew = this.isAhead
  }

  /** Where the page knows all that was changed, its maps count, and no answer that is under way. */
  settle() {
    this.tellRested()
    if (this.isAhead || this.grab) return
    clearTimeout(this.timer)
    this.isNew = false
    this.stale = this.n
    const shown = [...this.late.values()]
    this.painted.clear()
    this.late.clear()
    shown.forEach(show => show())
  }

  forget() {
    this.changes.clear()
    this.settle()
  }
}

/**
 * Whether two texts mean the same value: numbers are written in more than one way.
 *
 * @param {string} one
 * @param {string} other
 */
function isSame(one, other) {
  return one === other || (one !== "" && other !== "" && Number(one) === Number(other))
}

export const hand = new Hand()
