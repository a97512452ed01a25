// @ts-check
// One answer, one redraw. A run of the page arrives as dozens of messages, and Streamlit redraws the
// whole page with however many have arrived so far: users would see it half drawn, for instance with
// two presets marked at once. So the messages of a run are held back until the run has finished, and
// are then handed over in one task, which is drawn once. A run that takes longer is shown as it
// arrives. This script must come before Streamlit's own, which opens the connection.

import { fields, hearThrough } from "./messages.js"

const LONGEST = 80 // the longest time in ms that the first message of a run is held back
const HASH = 1, METADATA = 2 // fields of Streamlit's ForwardMsg that do not tell its kind
const NEW_SESSION = 4, SCRIPT_FINISHED = 6, SESSION_STATUS_CHANGED = 9 // some that do

hearThrough(batched)

/**
 * A listener that holds back the messages of a run, and then passes them to another listener.
 *
 * @param {(message: any) => void} listener
 */
function batched(listener) {
  /** @type {Event[] | null} */
  let kept = null // the messages of the current run, while they are held back
  let finished = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  function release() {
    clearTimeout(timer)
    const messages = kept ?? []
    kept = null
    messages.forEach(listener)
  }

  return (/** @type {any} */ message) => {
    const kind = kindOf(new Uint8Array(message.data))
    if (kind === NEW_SESSION) {
      if (kept) release()
      kept = []
      finished = false
      timer = setTimeout(release, LONGEST)
    }
    if (!kept) return listener(message)
    kept.push(message)
    if (finished && kind === SESSION_STATUS_CHANGED) release() // the last message of most runs
    if (kind === SCRIPT_FINISHED) {
      finished = true
      clearTimeout(timer)
      timer = setTimeout(release)
    }
  }
}

/**
 * The number of the field that says what a message is.
 *
 * @param {Uint8Array} bytes
 */
function kindOf(bytes) {
  return [...fields(bytes).keys()].find(number => number !== HASH && number !== METADATA)
}
