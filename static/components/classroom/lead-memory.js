// @ts-check
// What a tab keeps of the class it leads: a reload leads on. Another tab knows nothing of it.

export const LEAD = "cnnviz.lead"
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
 * @param {string} word Empty for nothing.
 */
export function keepWord(name, word) {
  try {
    if (word) sessionStorage.setItem(name, word)
    else sessionStorage.removeItem(name)
  } catch { /* the browser keeps nothing: the teacher's link does */ }
}
