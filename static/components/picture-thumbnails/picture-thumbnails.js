// The sample pictures as a row of thumbnails, and what is pasted or uploaded anywhere on the page.

import { focused, isPicture, shrunk, watchUploads } from "./uploads.js"

const UPLOADER = "[class*=st-key-picker-file]"

const mounts = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Thumbs(parentElement))
  const thumbs = mounts.get(parentElement)
  thumbs.choose = name => setTriggerValue("chosen", name)
  thumbs.paste = text => setTriggerValue("pasted", text)
  thumbs.refuse = (name, size) => setTriggerValue("refused", { name, size })
  thumbs.show(data)
  return () => thumbs.remove()
}

class Thumbs {
  constructor(root) {
    this.list = root.querySelector(".picture-thumbnails")
    this.list.setAttribute("role", "radiogroup")
    this.list.onkeydown = event => this.key(event)
    this.onpaste = event => this.pasted(event)
    document.addEventListener("paste", this.onpaste)
  }

  remove() {
    document.removeEventListener("paste", this.onpaste)
    this.unwatch?.()
    this.unwatch = null
  }

  show({ label, items, selected, limit, longest }) {
    this.longest = longest
    this.unwatch ??= watchUploads({
      within: UPLOADER, limit, longest, refuse: (name, size) => this.refuse(name, size),
    })
    this.list.setAttribute("aria-label", label)
    while (this.list.children.length > items.length) this.list.lastChild.remove()
    items.forEach((item, i) => {
      const button = this.list.children[i] ?? this.list.appendChild(thumb())
      const chosen = item.name === selected
      button.title = item.title
      button.setAttribute("aria-label", item.title)
      button.setAttribute("aria-checked", chosen)
      button.tabIndex = chosen ? 0 : -1
      button.onclick = () => this.choose(item.name)
      if (button.firstChild.src !== item.source) button.firstChild.src = item.source
    })
  }

  /** Arrow keys choose the next thumbnail, as in any group of radio buttons. */
  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = [...this.list.children]
    const now = buttons.indexOf(event.target.closest("button"))
    const next = buttons[(now + step + buttons.length) % buttons.length]
    next.focus()
    next.click()
  }

  async pasted(event) {
    if (!isPicture(event, focused())) return
    event.preventDefault()
    const item = [...event.clipboardData.items].find(item => item.type.startsWith("image/"))
    try {
      this.paste(await base64(await shrunk(item.getAsFile(), this.longest)))
    } catch {
      this.paste("")
    }
  }
}

function thumb() {
  const button = document.createElement("button")
  button.type = "button"
  button.setAttribute("role", "radio")
  const image = document.createElement("img")
  image.alt = ""
  button.append(image)
  return button
}

/** The bytes of a blob in base64. */
function base64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result.split(",")[1])
    reader.onerror = failed
    reader.readAsDataURL(blob)
  })
}
