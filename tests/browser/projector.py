"""A page in a projector's window, as it opens and as it is presented."""

PROJECTOR, PHONE = (1280, 720), (390, 844)
# Maps are laid out in the frames after a message, the last ones as they are painted.
STANDS = """async () => {
  const { dataset } = document.documentElement
  for (let still = 0, painted = ""; still < 10; still++) {
    await new Promise(requestAnimationFrame)
    if (painted !== dataset.cnnvizPainted) still = -1
    painted = dataset.cnnvizPainted
  }
}"""


def opened(read, path, size, query=""):
    """Open a page, and wait until its maps are laid out."""
    page = read(path, query, size=size).page
    page.evaluate(STANDS)
    return page


# The boxes of the arithmetic that the window cuts off or that cover a map, and the number of boxes:
# the sums below maps, and the reading beside a network's maps.
ARITHMETIC = """() => {
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const box = one => one.getBoundingClientRect()
  const seen = all(document.body).filter(one => one.checkVisibility() && box(one).width > 2)
  const maps = seen.filter(one => one.tagName === "CANVAS").map(box)
  const sums = seen.filter(one => one.matches(".panel, .player, .reading") && one.childNodes.length)
  const within = ({ top, bottom }) => top >= 0 && bottom <= innerHeight
  const over = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
  const wrong = sums.filter(one =>
    !within(box(one)) || one.scrollHeight > one.clientHeight + 1
    || maps.some(map => over(map, box(one))))
  return { count: sums.length, wrong: wrong.map(one => [one.className, JSON.stringify(box(one))]) }
}"""

# What of the player and of the first line of the arithmetic lies below the window, or under the
# button that ends presenting; and whether there is a player.
BEGUN = """() => {
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const seen = all(document.body).filter(one => one.checkVisibility())
  const [player] = seen.filter(one => one.matches(".player") && one.childNodes.length)
  if (!player) return { plays: false, wrong: [] }
  const lines = [...player.getRootNode().querySelectorAll(".channel, .sentence > .step")]
    .filter(one => one.checkVisibility())
  const parts = [player, ...player.children, ...lines.slice(0, 1)]
  const exit = seen.find(one => one.matches("button.exit")).getBoundingClientRect()
  const isWrong = one => {
    const { bottom, right } = one.getBoundingClientRect()
    return bottom > innerHeight || (player.contains(one) && right > exit.left)
  }
  return { plays: lines.length > 0, wrong: parts.filter(isWrong).map(one => one.className) }
}"""

# Every visible text with its font size, in shadow roots too; text for screen readers only is not
# visible.
TEXTS = """() => {
  const found = []
  const fully = { opacityProperty: true, visibilityProperty: true }
  const seen = element =>
    element.checkVisibility(fully) && getComputedStyle(element).clipPath === "none"
  const sums = ".panel .grid:not(.dense) .cell, .panel .small:not(.long) *"
  const walk = root => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot)
      const text = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ data }) => data.trim()).join("")
      const { height, width } = element.getBoundingClientRect()
      if (!text || !seen(element) || height * width < 4) continue
      if (element.closest("style, script, option")) continue
      const svg = element.ownerSVGElement
      const scale = svg ? svg.getScreenCTM().a : 1
      const size = scale * parseFloat(getComputedStyle(element).fontSize)
      found.push({ text: text.slice(0, 40), size, arithmetic: element.matches(sums) })
    }
  }
  walk(document.body)
  return found
}"""
