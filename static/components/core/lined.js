// @ts-check
// What a component sends while Streamlit is disconnected would be lost: a trigger is not sent again, and a server
// that has restarted knows a page's components, and their callbacks, only after running the page. So it waits here
// until the connection is back and the page has run. For each name of a component, only the last value is sent:
// users press again if nothing happens.

const REST = 500 // ms without a run: a restarted server first gets the earlier settings (page/link.js)
const LATEST = 5000 // ms after reconnecting: a training goes on running the page
const LINE = "data-test-connection-state", RUN = "data-test-script-state" // as Streamlit marks its app

/** @type {{ root: ShadowRoot, name: string, send: () => void }[]} */
let waiting = []

const isLined = (/** @type {Element} */ app) => app.getAttribute(LINE) === "CONNECTED"

/**
 * Call `send` now or, if the connection is down, once it is back and the page has run.
 *
 * @param {ShadowRoot} root
 * @param {string} name
 * @param {() => void} send
 */
export function whenLined(root, name, send) {
  const app = document.querySelector(`[${LINE}]`)
  const isWatched = waiting.length > 0
  waiting = waiting.filter(one => one.root !== root || one.name !== name)
  if (!app || isLined(app)) return send()
  waiting.push({ root, name, send })
  if (isWatched) return
  let [rest, latest] = [0, 0] // timers
  const watch = new MutationObserver(() => {
    clearTimeout(rest)
    if (!isLined(app)) {
      clearTimeout(latest)
      latest = 0
      return
    }
    latest ||= window.setTimeout(end, LATEST)
    if (app.getAttribute(RUN) === "notRunning") rest = window.setTimeout(end, REST)
  })
  const end = () => {
    clearTimeout(rest)
    clearTimeout(latest)
    watch.disconnect()
    const kept = waiting
    waiting = []
    for (const { root, send } of kept) if (root.host.isConnected) send()
  }
  watch.observe(app, { attributeFilter: [LINE, RUN] })
}
