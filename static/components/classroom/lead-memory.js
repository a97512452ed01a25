// @ts-check
// What a tab remembers about the class it leads, so that it still leads after a reload. A duplicated tab starts
// with a copy of this, so it asks the other tabs of this browser whether one of them leads.

export const LEAD = "cnnviz.lead"
export const SESSION = "cnnviz.lead.session" // the session in which this tab led; another session may lead by now
export const DRAFT = "cnnviz.lead.question" // what the teacher has typed of the next question
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

const PATIENCE = 300 // ms for other tabs to answer

/**
 * Whether another tab of this browser leads the class that the word stands for.
 *
 * @param {string} word
 * @returns {Promise<boolean>}
 */
export function isLedElsewhere(word) {
  return new Promise(done => {
    const tabs = new BroadcastChannel(LEAD)
    const end = (/** @type {boolean} */ isLed) => {
      clearTimeout(timer)
      tabs.close()
      done(isLed)
    }
    const timer = setTimeout(() => end(false), PATIENCE)
    tabs.onmessage = ({ data }) => { if (data.leads === word) end(true) }
    tabs.postMessage({ asked: word })
  })
}

/**
 * Answer the other tabs of this browser; returns a function that stops it.
 *
 * @param {() => string} led The word of the class that this tab leads; empty if it leads none.
 */
export function answerTabs(led) {
  const tabs = new BroadcastChannel(LEAD)
  tabs.onmessage = ({ data }) => { if (data.asked && data.asked === led()) tabs.postMessage({ leads: data.asked }) }
  return () => tabs.close()
}
