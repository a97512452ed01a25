"""Streamlit handles the messages of a run in one task: see streamlit/message-batching.js."""

from tests.browser.tab import Tab

# Counts how many messages Streamlit handles with nothing else in between. However slow the
# machine, no run takes longer than the 80 ms for which its messages are held back: they are long.
NOTE = """
  const later = window.setTimeout
  window.setTimeout = (act, time, ...rest) => later(act, time === 80 ? 600_000 : time, ...rest)
  window.heard = []
  let together = null
  const note = () => {
    if (!together) {
      heard.push((together = { messages: 0 }))
      queueMicrotask(() => { together = null })
    }
    together.messages += 1
  }
  window.WebSocket = class extends WebSocket {
    constructor(...parts) {
      super(...parts)
      this.addEventListener = (type, listener, options) => {
        const noted = message => { note(); listener(message) }
        const heard = type === "message" ? noted : listener
        window.WebSocket.prototype.addEventListener.call(this, type, heard, options)
      }
    }
  }
"""
LEAST = 7  # messages for a change: run begins, runs, a map, its panel, its part, run ends, at rest


def test_a_change_is_heard_in_one_piece(browser, address):
    with browser.new_context(bypass_csp=True) as context:
        context.add_init_script(NOTE)
        tab = Tab(context, address).open()
        assert tab.page.evaluate("Object.hasOwn(WebSocket.prototype, 'addEventListener')")
        slider = tab.page.get_by_role("slider", name="Bias", exact=True)
        slider.focus()
        before = tab.page.evaluate("heard.length")
        tab.page.keyboard.press("ArrowRight")
        # `tab.query` would hurry the timer that holds the messages back
        tab.page.wait_for_function("() => location.search.includes('bias=1')")
        heard = tab.page.evaluate("heard.map(({ messages }) => messages)")
        assert max(heard[before:]) >= LEAST
        assert tab.troubles == []
