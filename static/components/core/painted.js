// @ts-check
// Announces that something has been painted, and counts it for tests and measurements.

/**
 * Count how often something was shown.
 *
 * @param {HTMLElement} element
 * @param {string} name Of the count, in the element's data.
 */
export function countUp(element, name) {
  element.dataset[name] = String(Number(element.dataset[name] ?? 0) + 1)
}

/**
 * Announce that the maps of a board, a gallery or an overview are painted.
 *
 * @param {string} whose
 */
export function tellPainted(whose) {
  document.dispatchEvent(new CustomEvent("cnnviz:painted", { detail: whose }))
}

/**
 * Call `act` with the name of everything that is painted; returns a function that stops it.
 *
 * @param {(whose: string) => void} act
 */
export function onPainted(act) {
  const listener = (/** @type {Event} */ event) => act(/** @type {CustomEvent<string>} */ (event).detail)
  document.addEventListener("cnnviz:painted", listener)
  return () => document.removeEventListener("cnnviz:painted", listener)
}
