// @ts-check
// Present: large type, no navigation, the stages and nothing else. P goes in and out.

const PRESENT = "present" // class of the document; style.css says what it hides, and how large the rest is
const USUAL = 14 // CSS pixels of 1 rem
let factor = 0 // not known

/** How many times larger than usual all text is: while presenting, or as the reader has set in the browser. */
export function large() {
  if (!globalThis.document) return 1
  if (!factor) {
    factor = parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL || 1
    requestAnimationFrame(() => { factor = 0 }) // nothing tells when the reader or a style changes it
  }
  return factor
}

export const isPresenting = () => Boolean(globalThis.document?.documentElement.classList.contains(PRESENT))

/** @param {boolean} on */
export function present(on) {
  const root = document.documentElement
  root.classList.toggle(PRESENT, on)
  factor = 0
  window.dispatchEvent(new Event("resize"))
  document.dispatchEvent(new Event("cnnviz:present"))
}

/**
 * Call `act` whenever presenting begins or ends; returns a function that stops it.
 *
 * @param {() => void} act
 */
export function onPresent(act) {
  document.addEventListener("cnnviz:present", act)
  return () => document.removeEventListener("cnnviz:present", act)
}

// R and C are Streamlit's.
globalThis.document?.addEventListener("keydown", event => {
  const [target] = event.composedPath()
  const typing = target instanceof Element && target.closest("input, textarea, select, [contenteditable]")
  if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || typing) return
  if (document.querySelector(".st-key-stage")) present(!isPresenting())
})
