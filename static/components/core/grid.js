// A grid of numbers, coloured by value; its cells are made once and refilled.

const make = (tag, name) => {
  const element = document.createElement(tag)
  element.className = name
  return element
}

export class Grid {
  constructor(label) {
    this.element = make("div", "block")
    this.label = this.element.appendChild(make("div", "label"))
    this.label.textContent = label
    this.cells = this.element.appendChild(make("div", "grid"))
    this.cells.onpointerover = event => this.over(event.target)
    this.cells.onpointerleave = () => this.over(null)
    this.onCell = null
  }

  over(target) {
    const index = target ? [...this.cells.children].indexOf(target) : -1
    this.onCell?.(index < 0 ? null : [Math.floor(index / this.columns), index % this.columns])
  }

  /** Fill with rows × columns cells: { text, background, color, kind, title }. */
  fill(rows, columns, cells) {
    this.columns = columns
    const { children } = this.cells
    while (children.length > cells.length) this.cells.lastChild.remove()
    while (children.length < cells.length) this.cells.append(make("span", "cell"))
    this.cells.style.gridTemplateColumns = `repeat(${columns}, auto)`
    cells.forEach(({ text, background = "", color = "", kind = "", title = "" }, i) => {
      const cell = children[i]
      if (cell.textContent !== text) cell.textContent = text
      cell.style.background = background
      cell.style.color = color
      cell.className = `cell ${kind}`
      cell.title = title
    })
    const longest = Math.max(...cells.map(cell => cell.text.length))
    this.cells.style.setProperty("--width", `${Math.max(2.4, 0.62 * longest + 0.7)}em`)
    this.cells.classList.toggle("dense", cells.length > 49)
  }
}
