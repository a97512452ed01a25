// Loads a component: its module and its style sheet, both as files that the browser keeps.

const version = new URL(import.meta.url).search // a new release never mixes with cached files

/** The default export of `NAME.js`, styled by `NAME.css` inside its own shadow root. */
export async function load(name) {
  const file = suffix => new URL(`${name}.${suffix}${version}`, import.meta.url)
  const [module, style] = await Promise.all([
    import(file("js")),
    fetch(file("css")).then(answer => answer.text()),
  ])
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  return component => {
    const root = component.parentElement
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
    return module.default(component)
  }
}
