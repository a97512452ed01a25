// Loads a component: its module and its style sheet, both as files that the browser keeps.

/** The default export of a module, styled by its sheet, if it has one, inside its own shadow root. */
export async function load(name, styled) {
  const file = suffix => new URL(`../${name}.${suffix}`, import.meta.url)
  const [module, sheet] = await Promise.all([import(file("js")), styled ? sheetOf(file("css")) : null])
  if (!sheet) return module.default
  return component => {
    const root = component.parentElement
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
    return module.default(component)
  }
}

async function sheetOf(file) {
  const answer = await fetch(file)
  return new CSSStyleSheet().replace(await answer.text())
}
