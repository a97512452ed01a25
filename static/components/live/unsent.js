// @ts-check
// Says why a file did not reach the server. Streamlit marks such a file and gives the number of the
// refusal; if others of the same choice arrive, a run empties the field, and the mark is gone with it.

/** @type {Record<number, string>} */
const WHY = {
  400: "The line to the server was lost just when the file was sent: try again.",
  403: "The server takes no files from a browser that sends it no cookies: allow cookies for this page, " +
    "reload it, and try again.",
  413: "There was no room for all of these files: send fewer at once, or smaller ones.",
}

/**
 * @param {number} status The number of an answer, HTTP's.
 * @returns {string} Empty if the file arrived.
 */
export function whyUnsent(status) {
  return status < 400 ? "" : WHY[status] ?? `The file could not be sent (${status}): reload the page, and try again.`
}

/**
 * Watch the answers to files that are sent; a browser that does not tell their numbers never calls `say`.
 *
 * @param {(why: string) => void} say
 */
export function watchAnswers(say) {
  const watch = new PerformanceObserver(seen => {
    for (const { name, responseStatus = 0 } of /** @type {PerformanceResourceTiming[]} */ (seen.getEntries())) {
      if (name.includes("/_stcore/upload_file/") && whyUnsent(responseStatus)) say(whyUnsent(responseStatus))
    }
  })
  watch.observe({ type: "resource", buffered: true }) // a file may be chosen before this module is there
}
