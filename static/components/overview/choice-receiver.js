// Takes over what is chosen in an overview, where that stands in a part of the page that is drawn
// without the rest: this stands in the rest, which then follows.

const choosers = new Map() // name → { owner, send }

/** What takes over choices under that name, if it is on the page. */
export const chooser = name => choosers.get(name)?.send

export default function ({ data, parentElement, setTriggerValue }) {
  choosers.set(data.name, { owner: parentElement, send: cell => setTriggerValue("chosen", cell) })
  return () => { if (choosers.get(data.name)?.owner === parentElement) choosers.delete(data.name) }
}
