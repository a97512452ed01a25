// Loads a component: its module and its style sheet, both as files that the browser keeps.

const version = new URL(import.meta.url).search // a new release never mixes with cached files

// What maps and sliders are made of, which every page has. All of it is asked for at once: a module
// that waits for another finds it there, and the first maps come a fifth of a second sooner.
const AHEAD = [
  "activations", "arithmetic", "board", "chart", "clipboard", "colour", "gestures", "grid", "kernel-mini",
  "link", "maps", "message", "moves", "numbers", "overlay", "pane", "pane-layers", "pane-values", "pane-view", "panel",
  "player", "quiz", "slider", "slopes", "view",
]
for (const name of AHEAD) import(new URL(`${name}.js${version}`, import.meta.url)).catch(() => {}) // said by who needs it

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
