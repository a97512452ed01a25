// @ts-check
// The event that the address of the page has changed, and how to listen for it.

const CHANGED = "cnnviz:address"

/** @type {() => void} */
let follow = () => {} // what the address has yet to say of the settings

/**
 * Have the address follow the settings when it is asked to, not only after a rest.
 *
 * @param {() => void} act
 */
export const laterAddress = act => { follow = act }

/** Have the address say at once what the settings are. */
export const settleAddress = () => follow()

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
