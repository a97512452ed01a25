// @ts-check
// What is pressed while Streamlit has lost its line would be lost with it: unlike a state, it is not sent again. So
// it waits until the line is back. Of what one component sends meanwhile, the last counts: whoever presses again has
// seen nothing happen.

const LINE = "data-test-connection-state", IS_UP = "CONNECTED" // as Streamlit marks its app

/** @type {Map<ShadowRoot, () => void>} */
const waiting = new Map()

/**
 * Send what a component has to say, now or when the line is back.
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
