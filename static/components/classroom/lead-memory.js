// @ts-check
// What a tab remembers of the class it leads, so that a reload leads on. Other tabs know nothing of it.

export const LEAD = "cnnviz.lead"
export const SESSION = "cnnviz.lead.session" // the one in which this tab led it: another one may lead by now
export const BACK = "cnnviz.lead.back" // the teacher's own screen, while another one is shown

/** @param {string} name */
export function kept(name) {
  try {
    return sessionStorage.getItem(name) ?? ""
  } catch {
    return ""
  }
}

/**
 * @param {string} name
 * @param {string} word Empty to forget it.
 */
export function keepWord(name, word) {
  try {
    if (word) sessionStorage.setItem(name, word)
    else sessionStorage.removeItem(name)
  } catch { /* the browser stores nothing; the teacher's own link still works */ }
}
