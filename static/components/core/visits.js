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
