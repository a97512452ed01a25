// @ts-check
// What this browser remembers of earlier visits: words, in its own storage, sent to no server.

const KEY = "cnnviz.seen"

/** @returns {string[]} */
export function seen() {
  try {
    return (localStorage.getItem(KEY) ?? "").split(" ").filter(Boolean)
  } catch {
    return [] // where nothing may be kept, nothing is remembered
  }
}

/**
 * Remember a word.
 *
 * @param {string} word
 */
export function remember(word) {
  try {
    localStorage.setItem(KEY, [...new Set([...seen(), word])].join(" "))
  } catch {
    // see above
  }
}

/**
 * Whether it is the first time; from now on it is not.
 *
 * @param {string} word
 */
export function isFirst(word) {
  const first = !seen().includes(word)
  remember(word)
  return first
}

/** What is done once the film of a first visit is over. */
let over = () => {}

/** Is kept when the window has gone over the picture on a first visit, or a hand has taken over. */
export const filmed = /** @type {Promise<void>} */ (new Promise(done => { over = done }))

/** Say that the film of a first visit is over. */
export const endFilm = () => over()
