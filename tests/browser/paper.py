"""Measure what the browser prints of a page."""

PAPER = {"A4": (703, 1031), "Letter": (725, 965)}  # CSS pixels inside margins of 12 mm
# What is printed of a page, shadow roots included.
READ = """() => {
  window.dispatchEvent(new Event("beforeprint"))
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const isSeen = one => {
    const { width, height } = one.getBoundingClientRect()
    const far = getComputedStyle(one).clipPath !== "none"
    return width > 2 && height > 2 && !far && one.checkVisibility({ visibilityProperty: true })
  }
  const up = one => one.parentElement ?? one.getRootNode().host
  const isWhole = one => {
    for (; one; one = up(one)) if (getComputedStyle(one).breakInside === "avoid") return true
  }
  const name = one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`
  const seen = all(document.body).filter(isSeen)
  const controls = "button, input, select, textarea, nav a, [role=slider], [role=switch]"
  const content = ".card, .block, td button, [role=gridcell] input, .division input"
  const kept = seen.filter(one => one.matches("figure, .map, canvas, .js-plotly-plot"))
  const found = {
    controls: seen.filter(one => one.matches(controls) && !one.matches(content)).map(name),
    floating: seen.filter(one => /fixed|sticky/.test(getComputedStyle(one).position)).map(name),
    cut: kept.filter(one => !isWhole(one)).map(name),
    tallest: Math.max(...kept.map(one => one.getBoundingClientRect().height)),
    maps: kept.filter(one => one.matches("canvas")).length,
    scrolled: seen
      .filter(one => /auto|scroll/.test(getComputedStyle(one).overflowX))
      .filter(one => one.scrollWidth > one.clientWidth + 1).map(name),
    wider: document.documentElement.scrollWidth - innerWidth,
  }
  window.dispatchEvent(new Event("afterprint"))
  return found
}"""
