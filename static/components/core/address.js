// @ts-check
// That the address of the page has changed, for whoever goes by it.

const CHANGED = "cnnviz:address"

export const tellAddress = () => document.dispatchEvent(new Event(CHANGED))

/**
 * Have `act` called whenever the address has changed; returns what ends it.
 *
 * @param {() => void} act
 */
export function onAddress(act) {
  document.addEventListener(CHANGED, act)
  return () => document.removeEventListener(CHANGED, act)
}
