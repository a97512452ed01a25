// Takes over what is chosen in an overview, where that stands in a part of the page that is drawn
// without the rest: this stands in the rest, which then follows.

const choosers = new Map() // name → what sends a choice

/** What takes over choices under that name, if it is on the page. */
export const chooser = name => choosers.get(name)

export default function ({ data, setTriggerValue }) {
  const send = cell => setTriggerValue("chosen", cell)
  choosers.set(data.name, send)
  return () => { if (choosers.get(data.name) === send) choosers.delete(data.name) }
}
