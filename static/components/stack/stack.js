// A stack of blocks: choose one, set it, move it, take it away, put others in. The server keeps
// the stack; what is done here goes to it as one act.

const mounts = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Stack(parentElement))
  const stack = mounts.get(parentElement)
  stack.act = (act, more = {}) => setTriggerValue("act", { act, ...more })
  stack.show(data)
}

const make = (tag, name, parent, text = "") => {
  const element = parent.appendChild(document.createElement(tag))
  element.className = name
  if (text) element.textContent = text
  return element
}

class Stack {
  constructor(root) {
    this.root = root.querySelector(".stack")
    this.list = make("ol", "blocks", this.root)
    this.sheet = make("div", "sheet", this.root)
    this.what = make("span", "what", this.sheet)
    this.fields = []
    this.factors = make("p", "factors", this.sheet)
    this.why = make("p", "why", this.sheet)
    this.why.setAttribute("role", "status")
    const bar = make("div", "bar", this.root)
    this.adding = make("div", "bar", bar)
    make("span", "space", bar)
    this.doing = make("div", "bar", bar)
    this.root.onkeydown = event => this.key(event)
  }

  show(data) {
    this.data = data
    const wasInside = this.list.contains(this.root.getRootNode().activeElement)
    this.list.replaceChildren(this.input(data.input), ...data.blocks.map((block, i) => this.block(block, i)))
    if (wasInside) this.list.querySelector("[aria-current=true]")?.focus()
    this.showSheet(data.blocks[data.chosen])
    this.showBars()
    // For tests: how often the stack was shown.
    this.root.dataset.shown = Number(this.root.dataset.shown ?? 0) + 1
  }

  input(shape) {
    const place = document.createElement("li")
    place.className = "place"
    const box = make("span", "block input", place)
    make("span", "name", box, "Picture")
    make("span", "shape", box, shape)
    return place
  }

  block({ title, detail, shape, error }, i) {
    const place = document.createElement("li")
    place.className = "place"
    const button = make("button", `block${error ? " misfit" : ""}`, place)
    button.type = "button"
    button.draggable = true
    button.setAttribute("aria-current", i === this.data.chosen)
    make("span", "name", button, title)
    if (detail) make("span", "detail", button, detail)
    make("span", "shape", button, error ? "⚠ does not fit" : shape)
    button.title = error
    button.onclick = () => this.act("choose", { at: i })
    button.ondragstart = event => {
      this.dragged = i
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setData("text/plain", title)
    }
    place.ondragover = event => {
      if (this.dragged === undefined) return
      event.preventDefault()
      button.classList.add("above")
    }
    place.ondragleave = () => button.classList.remove("above")
    place.ondrop = event => {
      event.preventDefault()
      button.classList.remove("above")
      if (this.dragged !== i) this.act("move", { at: this.dragged, to: i })
    }
    button.ondragend = () => { this.dragged = undefined }
    return place
  }

  showSheet(block) {
    this.sheet.hidden = !block
    if (!block) return
    this.what.textContent = block.title
    this.factors.textContent = block.factors
    this.why.hidden = !block.error
    this.why.textContent = block.error ? `⚠ ${block.error}` : ""
    const wanted = [...block.fields, ...(block.choices ? [{ ...block.choices, name: "name" }] : [])]
    const same = JSON.stringify(wanted.map(({ name, options }) => [name, options]))
    if (same !== this.same) {
      this.fields.forEach(({ line }) => line.remove())
      this.fields = wanted.map(field => this.field(field))
    }
    this.same = same
    wanted.forEach((field, i) => {
      const { control } = this.fields[i]
      if (control.getRootNode().activeElement !== control || control.tagName === "SELECT") control.value = field.value
    })
  }

  field({ name, label, low, high, options }) {
    const line = document.createElement("label")
    line.className = "field"
    line.append(label)
    this.factors.before(line)
    let control
    if (options) {
      control = make("select", "", line)
      for (const [value, text] of options) make("option", "", control, text).value = value
    } else {
      control = make("input", "", line)
      Object.assign(control, { type: "number", min: low, max: high, step: 1 })
    }
    control.setAttribute("aria-label", label)
    control.onchange = () => {
      const value = name === "name" ? control.value : Number(control.value)
      if (name !== "name" && (control.value === "" || !Number.isInteger(value) || (!options && (value < low || value > high)))) {
        control.value = this.data.blocks[this.data.chosen].fields.find(field => field.name === name).value
        return
      }
      this.act("set", { at: this.data.chosen, name, value })
    }
    return { line, control }
  }

  showBars() {
    const { addable, blocks, chosen, canUndo, canRedo, full } = this.data
    if (!this.adding.children.length) {
      make("span", "label", this.adding)
      for (const [name, title] of addable) {
        tool(this.adding, `+ ${title}`, `Add ${title}`, () => this.act("add", { at: this.data.chosen + 1, name }))
      }
      this.tools = {
        left: tool(this.doing, "← Move", "Move the block to the left", () => this.shift(-1)),
        right: tool(this.doing, "Move →", "Move the block to the right", () => this.shift(1)),
        remove: tool(this.doing, "Remove", "Remove the block", () => this.act("remove", { at: this.data.chosen })),
        undo: tool(this.doing, "Undo", "Undo", () => this.act("undo")),
        redo: tool(this.doing, "Redo", "Redo", () => this.act("redo")),
      }
    }
    const [label, ...buttons] = this.adding.children
    label.textContent = full ? "The stack is full." : blocks.length ? `Add after ${blocks[chosen]?.title ?? "the picture"}` : "Add"
    buttons.forEach(button => { button.disabled = full })
    this.tools.left.disabled = !(chosen > 0)
    this.tools.right.disabled = chosen >= blocks.length - 1
    this.tools.remove.disabled = !blocks.length
    this.tools.undo.disabled = !canUndo
    this.tools.redo.disabled = !canRedo
  }

  shift(by) {
    const { blocks, chosen } = this.data
    const to = chosen + by
    if (to >= 0 && to < blocks.length) this.act("move", { at: chosen, to })
  }

  key(event) {
    const { blocks, chosen } = this.data
    const typing = event.target.matches("input, select")
    const command = event.ctrlKey || event.metaKey
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (command && !typing && event.key.toLowerCase() === "z") this.act(event.shiftKey ? "redo" : "undo")
    else if (command && !typing && event.key.toLowerCase() === "y") this.act("redo")
    else if (!event.target.matches("button.block") || command) return
    else if (by && event.altKey) this.shift(by)
    else if (by) this.act("choose", { at: Math.min(Math.max(chosen + by, 0), blocks.length - 1) })
    else if (event.key === "Delete" || event.key === "Backspace") this.act("remove", { at: chosen })
    else return
    event.preventDefault()
  }
}

function tool(parent, text, label, act) {
  const button = make("button", "tool", parent, text)
  button.type = "button"
  button.setAttribute("aria-label", label)
  button.onclick = act
  return button
}
