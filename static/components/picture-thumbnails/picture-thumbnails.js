// The sample pictures as a row of thumbnails, and pictures that are pasted anywhere on the page.

const LONGEST = 1024 // a pasted picture is sent no larger than the app works with

const mounts = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Thumbs(parentElement))
  const thumbs = mounts.get(parentElement)
  thumbs.choose = name => setTriggerValue("chosen", name)
  thumbs.paste = text => setTriggerValue("pasted", text)
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
  }

  show({ label, items, selected }) {
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
    const item = [...(event.clipboardData?.items ?? [])].find(item => item.type.startsWith("image/"))
    if (!item) return
    event.preventDefault()
    const file = item.getAsFile()
    try {
      this.paste(await asPng(file))
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

/** The picture as a PNG of at most LONGEST pixels a side, in base64. */
async function asPng(file) {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL("image/png").split(",")[1]
}
