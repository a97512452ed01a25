// @ts-check
// Prepares a picture before it is sent: recognises a pasted one, and shrinks a large one in the browser,
// so that the camera's forty megabytes need not cross the network.

import { pen } from "../core/dom.js"

/**
 * Whether a paste is a picture for the app: nothing else has handled the event, or takes its text.
 *
 * @param {{ defaultPrevented?: boolean, clipboardData: { items: Iterable<{ type: string }> } | null }} paste
 * @param {Element | null} target
 */
export function isPicture({ defaultPrevented, clipboardData }, target) {
  if (defaultPrevented || isEditable(target)) return false
  const kinds = [...(clipboardData?.items ?? [])].map(item => item.type)
  // A spreadsheet copies its cells as text, as HTML, and as a picture of them.
  return kinds.some(kind => kind.startsWith("image/")) && !kinds.includes("text/plain")
}

/**
 * Whether an element takes text, so that a paste belongs to it.
 *
 * @param {Element | null} element
 */
function isEditable(element) {
  const isText = element?.matches?.("input, textarea, select, [role=grid]")
  return Boolean(isText || (element && "isContentEditable" in element && element.isContentEditable))
}

/**
 * The element that has the focus, inside shadow roots too.
 *
 * @param {Document | ShadowRoot} [root]
 * @returns {Element | null}
 */
export function focused(root = document) {
  const element = root.activeElement
  return element?.shadowRoot?.activeElement ? focused(element.shadowRoot) : element
}

/**
 * A picture as a PNG of at most `longest` pixels per side; fails where the browser cannot read it.
 *
 * @param {Blob} file
 * @param {number} longest
 * @returns {Promise<Blob>}
 */
export async function shrunk(file, longest) {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = pen(canvas)
  context.imageSmoothingQuality = "high"
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return new Promise((done, failed) =>
    canvas.toBlob(blob => blob ? done(blob) : failed(new Error("no PNG")), "image/png"))
}

/**
 * Shrink files that are too large on their way into the picker's uploader.
 *
 * Streamlit would refuse such a file, with the reason in a tooltip. Here the file is intercepted before
 * Streamlit sees it, and passed on at the size that the app works with; `refuse(name, size)` is called
 * for files that this browser cannot read. Returns a function that ends the watch.
 *
 * @param {object} watch
 * @param {string} watch.within The selector of the uploader.
 * @param {number} watch.limit Bytes.
 * @param {number} watch.longest Pixels a side.
 * @param {(name: string, size: number) => void} watch.refuse
 */
export function watchUploads({ within, limit, longest, refuse }) {
  const passed = new WeakSet() // inputs whose files are checked, on their way to Streamlit

  /**
   * @param {Event} event
   * @param {HTMLInputElement | null} input
   * @param {ArrayLike<File>} files
   */
  const take = async (event, input, files) => {
    const file = files[0]
    if (!input || !file || file.size <= limit) return
    event.preventDefault()
    event.stopImmediatePropagation()
    try {
      const blob = await shrunk(file, longest)
      const fit = new DataTransfer()
      fit.items.add(new File([blob], file.name, { type: blob.type }))
      passed.add(input)
      input.files = fit.files
      input.dispatchEvent(new Event("change", { bubbles: true }))
    } catch {
      input.value = ""
      refuse(file.name, file.size)
    }
  }
  const onChange = (/** @type {Event} */ event) => {
    const input = event.target
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return
    if (passed.delete(input)) return
    if (input.closest(within)) take(event, input, input.files ?? [])
  }
  const onDrop = (/** @type {DragEvent} */ event) => {
    const place = event.target instanceof Element && event.target.closest(within)
    if (!place) return
    take(event, place.querySelector("input[type=file]"), event.dataTransfer?.files ?? [])
    if (event.defaultPrevented) event.target?.dispatchEvent(new DragEvent("dragleave", { bubbles: true }))
  }
  document.addEventListener("change", onChange, true)
  document.addEventListener("drop", onDrop, true)
  return () => {
    document.removeEventListener("change", onChange, true)
    document.removeEventListener("drop", onDrop, true)
  }
}
