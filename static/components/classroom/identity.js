// @ts-check
// Codes as people type them, and who this browser is in a class: a word that the server has signed,
// and that says nothing of the person.

const KEPT = "cnnviz.class."
const CODE = /^[A-Z]{5}$/

/**
 * The code that a text means; empty if it is none.
 *
 * @param {string} text
 */
export function codeOf(text) {
  const code = text.replace(/[\s-]/g, "").toUpperCase()
  return CODE.test(code) ? code : ""
}

/** @param {string} code */
export function identity(code) {
  try {
    return localStorage.getItem(KEPT + code) ?? ""
  } catch {
    return "" // the browser keeps nothing: it is new each time
  }
}

/**
 * @param {string} code
 * @param {string} me
 */
export function keep(code, me) {
  try {
    localStorage.setItem(KEPT + code, me)
  } catch { /* as above */ }
}

/** @param {string} code */
export function forget(code) {
  try {
    localStorage.removeItem(KEPT + code)
  } catch { /* as above */ }
}
