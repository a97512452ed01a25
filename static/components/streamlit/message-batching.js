// @ts-check
// One answer, one drawing. A run of the page comes as tens of messages, and Streamlit draws the
// whole page anew for whichever have come when it gets to it: a page is then seen half drawn, with
// two presets marked at once. So what a run says is kept back until it has said all, and is then
// handed over in one task, which is drawn once. A run that takes longer is shown as it comes. This
// has to stand in the page before Streamlit's own script, which opens the connection.

import { fields, hearThrough } from "./messages.js"

const LONGEST = 80 // ms for which the first message of a run is kept back
const HASH = 1, METADATA = 2 // fields of Streamlit's ForwardMsg that say nothing of its kind
const NEW_SESSION = 4, SCRIPT_FINISHED = 6, SESSION_STATUS_CHANGED = 9 // and some that do

hearThrough(batched)

/**
 * A listener that keeps the messages of a run back for another.
 *
 * @param {(message: any) => void} listener
 */
function batched(listener) {
  /** @type {Event[] | null} */
  let kept = null // the messages of the present run, while they are kept back
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
    if (finished && kind === SESSION_STATUS_CHANGED) release() // the last word of most runs
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
