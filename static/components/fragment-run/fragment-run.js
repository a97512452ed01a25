// A part of the page that can be drawn again without the controls around it. It mounts this last,
// so that all it draws has come when its `turn` comes.

const offers = new Map() // mount → { keys, turn, move }

/** What asks for such a part alone when that setting moves; its `turn` is the last one answered. */
export function mover(key) {
  return [...offers.values()].find(({ keys }) => keys.includes(key))
}

export default function ({ data, parentElement, setStateValue }) {
  const move = state => setStateValue("move", state)
  offers.set(parentElement, Object.assign(offers.get(parentElement) ?? {}, data, { move }))
  document.dispatchEvent(new CustomEvent("cnnviz:answered"))
  return () => offers.delete(parentElement)
}
