// Lines over one number, drawn anew on every message: for curves that follow a slider.
//
// The message: `label` (what is drawn, for those who cannot see it), `x` and `y` ({ low, high,
// label }, `y` a share, or with `texts`, what stands at its ends), and either `values` (one line,
// spread evenly over x) and `marker` ({ x, y }, on the line), or `lines` ({ name, values, at }), up
// to three; `at`, where the values stand, if they are not spread evenly.

const SVG = "http://www.w3.org/2000/svg"
const [NARROWEST, WIDEST] = [220, 420]
const [LEFT, BOTTOM, TOP, RIGHT] = [44, 34, 10, 12]

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".curves")
  // In a narrow column the drawing is narrow, and not what is written in it small.
  const width = Math.max(NARROWEST, Math.min(WIDEST, root.clientWidth || WIDEST))
  root.replaceChildren(title(data), drawing(data, width))
}

function drawing({ label, x, y, values, marker, lines = [{ values }] }, width) {
  const height = Math.round(90 + 100 * (width / WIDEST))
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
  svg.setAttribute("role", "img")
  svg.setAttribute("aria-label", label)
  const add = (tag, attributes, text = "") => {
    const element = svg.appendChild(document.createElementNS(SVG, tag))
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.textContent = text
  }
  const across = value => LEFT + ((value - x.low) / (x.high - x.low)) * (width - LEFT - RIGHT)
  const up = value => height - BOTTOM - ((value - y.low) / (y.high - y.low)) * (height - BOTTOM - TOP)
  const [floor, text] = [height - BOTTOM, { class: "text" }]
  add("path", { class: "axis", d: `M${LEFT} ${TOP}V${floor}H${width - RIGHT}` })
  const texts = y.texts ?? [y.low, y.high].map(end => `${Math.round(100 * end)} %`)
  for (const [i, end] of [y.low, y.high].entries()) {
    add("text", { ...text, x: LEFT - 6, y: up(end) + 4, "text-anchor": "end" }, texts[i])
  }
  for (const end of new Set([x.low, 0, x.high])) {
    if (end >= x.low && end <= x.high) {
      add("text", { ...text, x: across(end), y: floor + 15, "text-anchor": "middle" }, String(end).replace("-", "−"))
    }
  }
  add("text", { ...text, x: (LEFT + width - RIGHT) / 2, y: height - 4, "text-anchor": "middle" }, x.label)
  lines.forEach(({ values: ys, at }, number) => {
    const step = (x.high - x.low) / (ys.length - 1)
    const place = i => at?.[i] ?? x.low + i * step
    const points = ys.map((value, i) => [across(place(i)), up(value)].map(end => end.toFixed(1)).join(" "))
    add("path", { class: `line line${number}`, d: `M${points.join("L")}` })
    if (ys.length === 1) add("circle", { class: `only only${number}`, cx: across(place(0)), cy: up(ys[0]), r: 3 })
  })
  if (!marker) return svg
  add("path", { class: "marker", d: `M${across(marker.x)} ${TOP}V${floor}` })
  add("circle", { class: "dot", cx: across(marker.x), cy: up(marker.y), r: 5 })
  return svg
}

function title({ y, lines = [] }) {
  const line = document.createElement("p")
  line.textContent = y.label
  for (const [number, { name }] of lines.entries()) {
    const key = line.appendChild(document.createElement("span"))
    key.className = `key key${number}`
    key.textContent = name
  }
  return line
}
