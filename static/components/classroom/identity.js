// @ts-check
// Class codes as people type them, and this browser's identity in a class: a word signed by the server
// that says nothing about the person.

const KEPT = "cnnviz.class."
const CODE = /^[A-Z]{5}$/

/**
 * The class code in a text; empty if there is none.
 *
 * @param {string} text
 */
export function codeOf(text) {
  const code = text.replace(/[\s-]/g, "").toUpperCase()
  return CODE.test(code) ? code : ""
}

/**
 * The class code in a part of an address; empty if there is none, or if it cannot be read.
 *
 * @param {string} part
 */
export function codeIn(part) {
  try {
    return codeOf(decodeURIComponent(part))
  } catch {
    return ""
  }
}

/** @param {string} code */
export function identity(code) {
  try {
    return localStorage.getItem(KEPT + code) ?? ""
  } catch {
    return "" // the browser stores nothing: a new identity each time
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
