// Tells the hand what the page's run knows, and says what the channel has refused. It is mounted
// last in a page, so that all that has been drawn with these values has come.

import { hand } from "./hand.js"

let mounted = null // the element of the page at hand

document.addEventListener("cnnviz:refused", ({ detail }) => {
  if (mounted) mounted.textContent = detail
})

export default function ({ data, parentElement }) {
  const said = mounted = parentElement.querySelector(".live")
  said.setAttribute("role", "status")
  said.textContent = ""
  hand.enter(data.token, data.values)
  return () => {
    if (mounted !== said) return
    mounted = null
    hand.exit()
  }
}
