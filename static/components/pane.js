// A slot: the place on the page where the maps of one stage stand.

const version = new URL(import.meta.url).search
const { board, later } = await import("./board.js" + version)

export default function ({ data, parentElement, setStateValue }) {
  const element = parentElement.querySelector(".pane")
  element.classList.toggle("gallery", Boolean(data.gallery))
  board(data.board).attach(data.stage, element)
  if (data.pins) board(data.board).tell = later(pin => setStateValue("pin", pin))
  return () => board(data.board).detach(data.stage, element)
}
