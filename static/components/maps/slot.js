// A slot: the place on the page where the maps of one stage stand; or a row of such places.

import { board, later } from "./board.js"

export default function ({ data, parentElement, setStateValue }) {
  const element = parentElement.querySelector(".pane, .row")
  if (data.row) return row(element, data.row)
  element.classList.toggle("gallery", Boolean(data.gallery))
  board(data.board).attach(data.stage, element)
  if (data.pins) board(data.board).tell = later(pin => setStateValue("pin", pin))
  return () => board(data.board).detach(data.stage, element)
}

/** Slots beside one another, each { board, stage }, or null for a place that stays empty. */
function row(element, slots) {
  element.className = "row"
  element.style.setProperty("--places", slots.length)
  while (element.children.length < slots.length) element.appendChild(document.createElement("div"))
  const each = act => slots.forEach((slot, i) => slot && act(board(slot.board), slot.stage, element.children[i]))
  each((board, stage, place) => {
    place.className = "pane"
    board.attach(stage, place)
  })
  return () => each((board, stage, place) => board.detach(stage, place))
}
