// Keeps the address of the page in step with its settings, and copies it.

const version = new URL(import.meta.url).search
const { copy } = await import("./clipboard.js" + version)

const REST = 250 // ms without a change before the address follows; browsers limit how often

const timers = new WeakMap()

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  const said = parentElement.querySelector("[role=status]")
  clearTimeout(timers.get(parentElement))
  const follow = () => {
    const address = new URL(window.location.href)
    if (address.search.slice(1) === data.query) return
    address.search = data.query
    window.history.replaceState(window.history.state, "", address)
  }
  timers.set(parentElement, setTimeout(follow, REST))
  button.onclick = async () => {
    follow()
    const done = await copy(window.location.href)
    said.textContent = done ? "Copied" : "Copy the address from the address bar"
    setTimeout(() => { said.textContent = "" }, 2500)
  }
  return () => clearTimeout(timers.get(parentElement))
}
