// @ts-check
// Present: large type, no navigation, nothing but the stages. P starts and ends it.

const PRESENT = "present" // class of the document; style.css says what it hides, and how large the rest is
const UNTYPED = new Set(["range", "checkbox", "radio", "file"]) // fields that take no letters
const USUAL = 14 // CSS pixels of 1 rem
let factor = 0 // not known

/** How many times larger than usual all text is, while presenting or by the reader's browser settings. */
export function large() {
  if (!globalThis.document) return 1
  if (!factor) {
    factor = parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL || 1
    requestAnimationFrame(() => { factor = 0 }) // there is no event for a change by the reader or by a style
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
  const field = target instanceof Element && target.closest("input, textarea, select, [contenteditable]")
  const typing = field && !UNTYPED.has(field.getAttribute("type") ?? "")
  if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || typing) return
  if (document.querySelector(".st-key-stage")) present(!isPresenting())
})
