// @ts-check
// The clipboard is only open to pages served by https; a hidden field serves the others.

/**
 * Copy a text; whether it was done. To be called in a click.
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
