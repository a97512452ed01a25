// @ts-check
// What this browser remembers of earlier visits: words in its own storage, never sent to a server.

const KEY = "cnnviz.seen"
/** @type {string[]} */
let now = [] // words of this visit: without storage, all that is remembered

/** @returns {string[]} */
export function seen() {
  try {
    return (localStorage.getItem(KEY) ?? "").split(" ").filter(Boolean)
  } catch {
    return now
  }
}

/**
 * Remember a word.
 *
 * @param {string} word
 */
export function remember(word) {
  now = [...new Set([...seen(), word])]
  try {
    localStorage.setItem(KEY, now.join(" "))
  } catch {
    // see above
  }
}

/**
 * Whether this is the first time; from now on it is not.
 *
 * @param {string} word
 */
export function isFirst(word) {
  const first = !seen().includes(word)
  remember(word)
  return first
}

/** Called when the film of a first visit is over. */
let over = () => {}

/** Resolves when the window has crossed the picture on a first visit, or the user has taken over. */
export const filmed = /** @type {Promise<void>} */ (new Promise(done => { over = done }))

/** Announce that the film of a first visit is over. */
export const endFilm = () => over()
