// The output size against each number of a convolution: a dot for every value that fits, the
// present one in amber.
//
// The data: a list of { name, present, points: [[value, size], …], span: [first, last] }.

const SVG = "http://www.w3.org/2000/svg"
const [WIDTH, HEIGHT] = [160, 100]
const [LEFT, RIGHT, TOP, FLOOR] = [16, 150, 12, 82]

export default function ({ data, parentElement }) {
  const most = Math.max(...data.flatMap(chart => chart.points.map(([, size]) => size)))
  parentElement.querySelector(".sizes").replaceChildren(...data.map(chart => figure(chart, most)))
}

function figure(chart, most) {
  const element = document.createElement("figure")
  const caption = document.createElement("figcaption")
  const size = chart.points.find(([value]) => value === chart.present)?.[1]
  caption.textContent = `${chart.name} = ${chart.present} → ${size}`
  element.append(drawing(chart, most), caption)
  return element
}

function drawing({ name, present, points, span: [first, last] }, most) {
  const svg = document.createElementNS(SVG, "svg")
  const add = (tag, attributes, text = "") => {
    const element = svg.appendChild(document.createElementNS(SVG, tag))
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    element.textContent = text
    return element
  }
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`)
  svg.setAttribute("role", "img")
  svg.setAttribute("aria-label", `Output size by ${name}: ${points.map(point => point.join(" → ")).join(", ")}`)
  const x = value => LEFT + ((value - first) / (last - first)) * (RIGHT - LEFT)
  const y = size => FLOOR - (size / most) * (FLOOR - TOP)
  add("path", { class: "axis", d: `M${LEFT} ${TOP}V${FLOOR}H${RIGHT}` })
  for (const size of [0, most]) add("text", { x: LEFT - 4, y: y(size) + 3, "text-anchor": "end" }, size)
  for (const value of [first, last]) add("text", { x: x(value), y: FLOOR + 12, "text-anchor": "middle" }, value)
  add("path", { class: "line", d: `M${points.map(([value, size]) => `${x(value)} ${y(size)}`).join("L")}` })
  for (const [value, size] of points) {
    const here = value === present
    const dot = add("circle", { class: here ? "here" : "dot", cx: x(value), cy: y(size), r: here ? 4.5 : 2.5 })
    dot.appendChild(document.createElementNS(SVG, "title")).textContent = `${value} → ${size}`
  }
  return svg
}
