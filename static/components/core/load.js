// @ts-check
// Loads a component: its module and its style sheet, both as files that the browser keeps.

/** @import { Mount } from "./component.js" */

/**
 * The default export of a module, styled by its sheet, if it has one, inside its own shadow root.
 *
 * @param {string} name "maps/slot", for instance.
 * @param {boolean} styled
 * @returns {Promise<Mount>}
 */
export async function load(name, styled) {
  const file = (/** @type {string} */ suffix) => new URL(`../${name}.${suffix}`, import.meta.url).href
  const [module, sheet] = await Promise.all([import(file("js")), styled ? sheetOf(file("css")) : null])
  return component => {
    const root = component.parentElement
    // Numbers, signs and matrices are what they are in every language.
    root.host.setAttribute("translate", "no")
    root.host.setAttribute("dir", "ltr")
    if (sheet && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
    return module.default(component)
  }
}

/** @param {string} file */
async function sheetOf(file) {
  const answer = await fetch(file)
  return new CSSStyleSheet().replace(await answer.text())
}
