// @ts-check
// Scrolls the element that the Tab key has reached into view. In the column that sticks beside many rows
// of maps, one scroll is not enough: the column moves along with it. So the scroll is repeated until the
// page stays put.

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
