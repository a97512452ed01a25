// @ts-check
// Says why a file did not reach the server. Streamlit marks such a file with the status of the
// response; but if other files of the same selection arrive, a run empties the field, and the mark
// goes with it.

/** @type {Record<number, string>} */
const WHY = {
  400: "The connection was lost while the file was being sent: try again.",
  403: "The server takes no files from a browser that sends it no cookies: allow cookies for this page, " +
    "reload it, and try again.",
  413: "There was no room for all of these files: send fewer at once, or smaller ones.",
}

/**
 * @param {number} status The HTTP status of the response.
 * @returns {string} Empty if the file arrived.
 */
function whyUnsent(status) {
  return status < 400 ? "" : WHY[status] ?? `The file could not be sent (${status}): reload the page, and try again.`
}

/**
 * Watch the responses to uploads; in a browser that does not report their status, `say` is never called.
 *
 * @param {(why: string) => void} say
 */
export function watchAnswers(say) {
  const watch = new PerformanceObserver(seen => {
    for (const { name, responseStatus = 0 } of /** @type {PerformanceResourceTiming[]} */ (seen.getEntries())) {
      if (name.includes("/_stcore/upload_file/") && whyUnsent(responseStatus)) say(whyUnsent(responseStatus))
    }
  })
  watch.observe({ type: "resource", buffered: true }) // a file may be chosen before this module has loaded
}
