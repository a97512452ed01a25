// A slot: the place on the page where the maps of one stage stand.

const version = new URL(import.meta.url).search
const { board } = await import("./board.js" + version)

export default function ({ data, parentElement }) {
  const element = parentElement.querySelector(".pane")
  element.classList.toggle("gallery", Boolean(data.gallery))
  board(data.board).attach(data.stage, element)
  return () => board(data.board).detach(data.stage, element)
}
