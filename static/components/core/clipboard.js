// @ts-check
// The clipboard API works only on pages served over https; elsewhere, a hidden field does the copying.

/**
 * Copy a text and return whether it worked. Call it in a click handler.
 *
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement("textarea")
    field.value = text
    document.body.append(field)
    field.select()
    const done = document.execCommand("copy")
    field.remove()
    return done
  }
}
