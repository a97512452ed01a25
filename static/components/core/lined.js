// @ts-check
// Streamlit sends a component's state again after it reconnects, but not its triggers: one that is set while
// the connection is down would be lost. So triggers wait here until the connection is back. Only the last one
// of each component is sent: users press again if nothing happens.

const LINE = "data-test-connection-state", IS_UP = "CONNECTED" // as Streamlit marks its app

/** @type {Map<ShadowRoot, () => void>} */
const waiting = new Map()

/**
 * Call `send` now or, if the connection is down, as soon as it is back.
 *
 * @param {ShadowRoot} root
 * @param {() => void} send
 */
export function whenLined(root, send) {
  const app = document.querySelector(`[${LINE}]`)
  if (!app || app.getAttribute(LINE) === IS_UP) return send()
  const isWatched = waiting.size > 0
  waiting.set(root, send)
  if (isWatched) return
  const watch = new MutationObserver(() => {
    if (app.getAttribute(LINE) !== IS_UP) return
    watch.disconnect()
    const kept = [...waiting]
    waiting.clear()
    for (const [{ host }, act] of kept) if (host.isConnected) act()
  })
  watch.observe(app, { attributeFilter: [LINE] })
}
