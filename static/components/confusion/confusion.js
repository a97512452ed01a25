// What was answered for what: a table of counts, the truth by row and the answer by column.
// A click, or Enter, chooses a cell; arrow keys go from cell to cell.
//
// The data: `classes`, `counts` (rows of numbers), `chosen` ([row, column] or null).

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

const mounts = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Confusion(parentElement))
  const confusion = mounts.get(parentElement)
  confusion.choose = cell => setTriggerValue("chosen", cell)
  confusion.show(data)
}

/** How dark a count is: the square root of its share of the row, so that single ones show. */
const shade = (count, row) => Math.sqrt(count / (row.reduce((sum, other) => sum + other, 0) || 1))

class Confusion {
  constructor(root) {
    this.root = root.querySelector(".confusion")
    this.names = ""
    this.at = [0, 0]
  }

  show({ classes, counts, chosen }) {
    if (this.names !== classes.join()) this.build(classes)
    this.names = classes.join()
    if (chosen && String(chosen) !== this.chosen) this.at = chosen
    this.chosen = String(chosen)
    const right = counts.reduce((sum, row, i) => sum + row[i], 0)
    this.table.setAttribute("aria-label", `Confusion table: ${right} right answers`)
    counts.forEach((row, i) => row.forEach((count, j) => {
      const button = this.buttons[i][j]
      const share = shade(count, row)
      button.textContent = count || ""
      button.style.setProperty("--share", `${Math.round(100 * share)}%`)
      button.classList.toggle("dark", share > 0.55)
      button.setAttribute("aria-label", `${count} times ${classes[j]} for ${classes[i]}`)
      button.setAttribute("aria-pressed", String([i, j]) === this.chosen)
      button.tabIndex = String([i, j]) === String(this.at) ? 0 : -1
    }))
  }

  build(classes) {
    const make = (tag, parent, text = "", name = "") => {
      const element = parent.appendChild(document.createElement(tag))
      element.textContent = text
      element.className = name
      return element
    }
    this.root.replaceChildren()
    this.at = [0, 0]
    this.table = make("table", this.root)
    this.table.onkeydown = event => this.key(event)
    const head = make("tr", this.table)
    make("th", head, "is ↓  said →", "corner")
    classes.forEach(name => { make("th", head, name).scope = "col" })
    this.buttons = classes.map((name, i) => {
      const row = make("tr", this.table)
      make("th", row, name).scope = "row"
      return classes.map((_, j) => {
        const button = make("button", make("td", row), "", i === j ? "right" : "wrong")
        button.type = "button"
        button.onclick = () => this.pick(i, j)
        return button
      })
    })
  }

  pick(i, j) {
    this.at = [i, j]
    this.choose(`${i},${j}`)
  }

  key(event) {
    const step = ARROWS[event.key]
    if (!step) return
    event.preventDefault()
    const last = this.buttons.length - 1
    this.buttons[this.at[0]][this.at[1]].tabIndex = -1
    this.at = this.at.map((place, axis) => Math.min(last, Math.max(0, place + step[axis])))
    const button = this.buttons[this.at[0]][this.at[1]]
    button.tabIndex = 0
    button.focus()
  }
}
