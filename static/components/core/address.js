// @ts-check
// Announces that the address of the page has changed.

const CHANGED = "cnnviz:address"

/** @type {() => void} */
let follow = () => {} // writes pending settings into the address

/**
 * Register what writes pending settings into the address on request, not only after a pause.
 *
 * @param {() => void} act
 */
export const laterAddress = act => { follow = act }

/** Write the settings into the address at once. */
export const settleAddress = () => follow()

export const tellAddress = () => document.dispatchEvent(new Event(CHANGED))

/**
 * Call `act` whenever the address has changed; returns a function that stops it.
 *
 * @param {() => void} act
 */
export function onAddress(act) {
  document.addEventListener(CHANGED, act)
  return () => document.removeEventListener(CHANGED, act)
}

/**
 * Take a word out of the address and leave the others as they are written, so that a reload does without it.
 *
 * @param {string} name
 */
export function leaveOut(name) {
  const address = new URL(location.href)
  address.search = address.search.slice(1).split("&").filter(word => !word.startsWith(`${name}=`)).join("&")
  history.replaceState(history.state, "", address)
}
