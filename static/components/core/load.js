// @ts-check
// Loads a component: its module and its style sheets, all as files that the browser keeps.

import { isDark, isOnPaper, print } from "./colour.js"
import { whenLined } from "./lined.js"
import { reached } from "./reached.js"

/** @import { Component, Mount } from "./component.js" */

const everyone = sheetOf(new URL("everyone.css", import.meta.url).href)

/** @type {Map<Element, () => void>} */
const themed = new Map() // element of a component that uses the theme's colours → the function that paints it

/** @param {boolean} isPrinted */
function paint(isPrinted) {
  print(isPrinted)
  themed.forEach(again => again())
}
const { classList } = document.documentElement // style.css has the colours for paper
addEventListener("beforeprint", () => {
  const isShownDark = [...themed.keys()].some(isDark)
  classList.add("on-paper")
  if (isShownDark) paint(true)
})
addEventListener("afterprint", () => {
  classList.remove("on-paper")
  if (isOnPaper()) paint(false)
})

/**
 * The default export of a module, styled inside its own shadow root: by its own sheet, if it has one,
 * and by the shared one. If the module says `isThemed`, it is called again when a page is printed.
 *
 * @param {string} name "maps/slot", for instance.
 * @param {boolean} styled
 * @returns {Promise<Mount>}
 */
export async function load(name, styled) {
  const file = (/** @type {string} */ suffix) => new URL(`../${name}.${suffix}`, import.meta.url).href
  const [module, ...sheets] = await Promise.all([
    moduleOf(file("js")), ...(styled ? [sheetOf(file("css"))] : []), everyone,
  ])
  return streamlits => {
    const { parentElement: root, setStateValue, setTriggerValue } = streamlits
    const lined = (/** @type {Component<any>["setStateValue"]} */ send) =>
      (/** @type {string} */ name, /** @type {unknown} */ value) => whenLined(root, name, () => send(name, value))
    const component = { ...streamlits, setStateValue: lined(setStateValue), setTriggerValue: lined(setTriggerValue) }
    // Numbers, signs and matrices are the same in every language.
    root.host.setAttribute("translate", "no")
    root.host.setAttribute("dir", "ltr")
    const missing = sheets.filter(sheet => !root.adoptedStyleSheets.includes(sheet))
    if (missing.length) root.adoptedStyleSheets.push(...missing)
    const end = module.default(component)
    if (module.isThemed) themed.set(root.host, () => module.default(component))
    // If the data changes before the module has loaded, Streamlit calls this twice in a row, and runs the
    // first call's clean-up after the second call. The clean-up must not remove what the mounted component
    // still uses.
    return () => {
      if (root.host.isConnected) return
      themed.delete(root.host)
      end?.()
    }
  }
}

/** @param {string} file */
async function moduleOf(file) {
  try {
    return await import(file)
  } catch {
    await reached(file)
    return import(`${file}?again`) // Firefox never requests a module again after a failure
  }
}

/** @param {string} file */
export async function sheetOf(file) {
  const answer = await reached(file)
  return new CSSStyleSheet().replace(await answer.text())
}
