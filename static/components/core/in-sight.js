// @ts-check
// What the Tab key comes to is brought into sight. A column that stays in place beside many rows of maps
// takes up what the browser scrolls for it, so its lower end needs several goes.

const COLUMN = ".st-key-stage-bench"
const PAGE = "[data-testid=stMain]"

globalThis.document?.addEventListener("keyup", event => {
  const [target] = event.composedPath()
  const page = document.querySelector(PAGE)
  if (event.key !== "Tab" || !page || !(target instanceof Element) || !document.activeElement?.closest(COLUMN)) return
  for (let before = NaN; before !== page.scrollTop;) {
    before = page.scrollTop
    target.scrollIntoView({ block: "nearest" })
  }
})
