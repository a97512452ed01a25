// @ts-check
// One answer, one drawing. A run of the page comes as tens of messages, and Streamlit draws the
// whole page anew for whichever have come when it gets to it: a page is then seen half drawn, with
// two presets marked at once. So what a run says is kept back until it has said all, and is then
// handed over in one task, which is drawn once. A run that takes longer is shown as it comes. This
// has to stand in the page before Streamlit's own script, which opens the connection.

const LONGEST = 80 // ms for which the first message of a run is kept back
const STREAM = /\/_stcore\/stream$/
const NEW_SESSION = 4, SCRIPT_FINISHED = 6, SESSION_STATUS_CHANGED = 9 // fields of Streamlit's ForwardMsg

/**
 * Who listens for messages hears those of one run at once.
 *
 * @this {WebSocket}
 * @param {string} type
 * @param {EventListenerOrEventListenerObject} listener
 * @param {AddEventListenerOptions | boolean} [options]
 */
WebSocket.prototype.addEventListener = function (type, listener, options) {
  const isOurs = type === "message" && STREAM.test(this.url) && typeof listener === "function"
  const heard = isOurs ? batched(listener) : listener
  EventTarget.prototype.addEventListener.call(this, type, heard, options)
}

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
 * The number of the field that says what a message is; those before are its hash and metadata.
 *
 * @param {Uint8Array} bytes
 */
function kindOf(bytes) {
  let at = 0
  const number = () => {
    let value = 0
    for (let shift = 0; at < bytes.length; shift += 7) {
      value |= (bytes[at] & 127) << shift
      if (bytes[at++] < 128) break
    }
    return value
  }
  while (at < bytes.length) {
    const tag = number()
    const length = number() // hash and metadata are of a length that is said
    if (tag >> 3 > 2) return tag >> 3
    at += length
  }
  return 0
}
