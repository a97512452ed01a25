// What the hand has changed and the page does not know yet, and the maps that follow from it.
//
// A change goes up the live channel, at most one request at a time: while one is under way the
// latest values wait, and leave when the answer has come. The page runs when the hand rests
// or lets go, and tells with which values; maps of a run that the hand has overtaken wait until a
// run knows all that was changed.

import { Channel } from "./channel.js"

const LOST = 5000 // ms after which the page is no longer waited for

class Hand {
  constructor() {
    this.receivers = new Map() // what a message is for → what takes it
    this.known = new Map() // setting → the text of its value in the page's last run
    this.changes = new Map() // setting → the text of its value by the hand
    this.late = new Map() // what a message is for → what shows that of a run which came too early
    this.told = [] // what is called when the next request has been answered
    this.flight = null // { n, told }
    this.n = 0
    this.stale = 0 // answers up to this one are out of date
    this.isNew = false // something has changed since the last request
    this.timer = 0
    this.channel = new Channel({
      heard: (header, message) => this.hear(header, message),
      ended: end => this.end(end),
      opened: () => this.leave(),
      lost: () => this.drop(),
    })
  }

  /** The page has run, with these values, as the session of that token. */
  enter(token, values) {
    this.known = new Map(Object.entries(values))
    this.channel.enter(token)
    for (const [key, text] of this.changes) if (isSame(this.known.get(key), text)) this.changes.delete(key)
    this.settle()
  }

  /** The page is gone. */
  exit() {
    this.known.clear()
    this.changes.clear()
    this.settle()
  }

  /** Whether maps follow a setting through the channel. */
  covers(key) {
    return this.channel.isOpen && this.known.has(key)
  }

  /** Whether the page lags behind the hand. */
  get isAhead() {
    return this.changes.size > 0
  }

  /** Have `take(message)` called with what the channel has for a place on the page. */
  receive(place, owner, take) {
    this.receivers.set(place, { owner, take })
    return () => { if (this.receivers.get(place)?.owner === owner) this.receivers.delete(place) }
  }

  /** Show what a run has sent to a place: at once, or when the run is known to know all. */
  run(place, show) {
    this.late.delete(place)
    if (this.isAhead) this.late.set(place, show)
    else show()
  }

  /** The hand has changed something; `painted` is called when what follows is on the screen. */
  move(key, value, painted = () => {}) {
    this.changes.set(key, String(value))
    this.told.push(painted)
    this.isNew = true
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.forget(), LOST)
    this.leave()
  }

  /** The page has run with what was asked of it for a setting, whatever it has made of that. */
  answered(key) {
    if (this.changes.delete(key)) this.settle()
  }

  // What goes up and comes down

  leave() {
    if (this.flight || !this.isNew || !this.channel.isOpen || document.hidden) return
    this.isNew = false
    this.flight = { n: ++this.n, told: this.told }
    this.told = []
    this.channel.say({ n: this.n, set: Object.fromEntries(this.changes) })
  }

  hear({ n, to }, message) {
    if (n > this.stale) this.receivers.get(to)?.take(message)
  }

  /** An answer has come whole: the next request leaves, and the next frame paints this one. */
  end({ n, error }) {
    if (n > this.stale) document.dispatchEvent(new CustomEvent("cnnviz:refused", { detail: error ?? "" }))
    if (n !== this.flight?.n) return // planes that come again, whole
    const { told } = this.flight
    this.flight = null
    this.leave()
    requestAnimationFrame(() => told.forEach(painted => painted()))
  }

  drop() {
    this.told = [...(this.flight?.told ?? []), ...this.told]
    this.flight = null
    this.isNew = this.isAhead
  }

  /** Where the page knows all that was changed, its maps count, and no answer that is under way. */
  settle() {
    if (this.isAhead) return
    clearTimeout(this.timer)
    this.isNew = false
    this.stale = this.n
    const shown = [...this.late.values()]
    this.late.clear()
    shown.forEach(show => show())
  }

  forget() {
    this.changes.clear()
    this.settle()
  }
}

/** Whether two texts mean the same value: numbers are written in more than one way. */
function isSame(one, other) {
  return one === other || (one !== "" && other !== "" && Number(one) === Number(other))
}

export const hand = new Hand()
