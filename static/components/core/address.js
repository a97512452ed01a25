// @ts-check
// Announces that the address of the page has changed.

const CHANGED = "cnnviz:address"

/** @type {() => void} */
let follow = () => {} // writes pending settings into the address

/**
 * Register a function that writes pending settings into the address on request, not only after a
 * pause.
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
 * Remove a parameter from the address, so that a reload does not see it; the others stay as they are
 * written.
 *
 * @param {string} name
 */
export function leaveOut(name) {
  const address = new URL(location.href)
  address.search = address.search.slice(1).split("&").filter(word => !word.startsWith(`${name}=`)).join("&")
  history.replaceState(history.state, "", address)
}
