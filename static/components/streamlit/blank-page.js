// @ts-check
// A page whose script cannot be loaded stays blank. This says why, and reloads the page once the server answers.
// It is part of the page itself, because a file might not be loaded either.

(() => {
  const AGAIN = 2000 // ms from one attempt to the next
  const said = document.createElement("p")
  said.textContent = "Connection lost. Trying again …"
  said.setAttribute("role", "alert")
  said.style.cssText = "margin: 2em; font: 1em sans-serif"

  async function open() {
    const root = document.getElementById("root") ?? document.body
    said.remove()
    if (root.querySelector(":not(noscript)")) return // a script that the page can do without
    root.append(said)
    await new Promise(again => setTimeout(again, AGAIN))
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null)
    if (answer && answer.status < 500) location.reload()
    else void open()
  }

  addEventListener("error", ({ target }) => {
    if (target instanceof HTMLScriptElement && !said.isConnected) void open()
  }, { capture: true })
})()
