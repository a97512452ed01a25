// @ts-check
// The user's changes that the page does not know yet, and the maps that follow from them.
//
// A change goes up the live channel, at most one request at a time: while one is under way the
// latest values wait, and are sent when the answer arrives. The page runs when the hand rests or
// lets go, and reports the values it ran with. If newer changes have overtaken a run, its maps wait
// where the channel has painted since, until a run includes every change.

import { Channel } from "./channel.js"
import { withFrame } from "./wire.js"

/** @import { End } from "./channel.js" */
/** @import { Frame, Header } from "./wire.js" */
/**
 * @typedef {(message: Uint8Array, overtaken: boolean) => void} Take Shows a message; if it is
 *   overtaken, an answer to newer settings follows.
 */

const LOST = 5000 // ms to wait for the page
const PACE = 10 // ms from the maps of a frame to the next frame of the camera

class Hand {
  constructor() {
    /** @type {Map<string, { owner: object, take: Take }>} */
    this.receivers = new Map() // place on the page → what takes its messages
    /** @type {Map<string, string>} */
    this.known = new Map() // setting → the text of its value in the page's last run
    /** @type {Map<string, string>} */
    this.changes = new Map() // setting → the text of its value as the user has changed it
    /** @type {Set<string>} */
    this.painted = new Set() // places that the channel has painted and the page does not know yet
    /** @type {Map<string, () => void>} */
    this.late = new Map() // place on the page → what shows the maps of a run that came too early
    /** @type {(() => void)[]} */
    this.told = [] // called when the next request has been answered
    /** @type {(() => void)[]} */
    this.resting = [] // called when the page has run with every change
    /** @type {Set<() => void>} */
    this.ready = new Set() // called when the channel may cover more settings than before
    /** @type {{ n: number, told: (() => void)[] } | null} */
    this.flight = null
    this.n = 0
    this.stale = 0 // answers up to this one are out of date
    this.isNew = false // something has changed since the last request
    /** @type {(() => Frame | null) | null} */
    this.grab = null // returns the current frame, while the camera is on
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
      forgotten: () => !document.dispatchEvent(new Event("cnnviz:forgotten", { cancelable: true })),
    })
    document.addEventListener("visibilitychange", () => this.leave())
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
   * Call `act` whenever the channel may cover more settings, since a page opens before its channel
   * does. Returns a function that stops it.
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
   * Call `take` with the channel's messages for a place on the page; returns a function that stops it.
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
   * Show a run's maps in their place: at once, or as soon as a run is known to include every
   * change.
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
   * The user has changed a setting; `painted` is called when the result is on the screen.
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
   * The page has run with the requested value of a setting, whatever value it then used.
   *
   * @param {string} key
   */
  answered(key) {
    if (this.changes.delete(key)) this.settle()
  }

  /**
   * Call `act` once the page has run with every change and has drawn the result.
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
   * Compute the maps from the camera: each request carries a frame.
   *
   * @param {() => Frame | null} grab
   */
  film(grab) {
    this.grab = grab
    this.leave()
  }

  /** Compute the maps from the picture again. */
  cut() {
    if (!this.grab) return
    this.grab = null
    this.isNew = true
    this.leave()
  }

  // Requests and answers

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
   * A part of an answer has arrived. After the last part, the next request is sent first: while the server
   * works on it, this part is painted.
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
   * If this was the awaited answer, send the next request, and return the callbacks that wait for its
   * maps to be painted. Otherwise it carries planes sent again at full size, or ends them.
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
   * Call back in the next frame, which paints the answer.
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

  /** Once the page has run with every change, its maps count, and answers under way no longer do. */
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
