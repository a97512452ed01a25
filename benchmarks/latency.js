// Runs in the pages that latency.py measures. Each way of showing the maps says what is on
// screen (`shown`), when a change is complete (`changed`), and when to look again (`next`).

const inShadow = (box, what) => {
  for (const { shadowRoot } of document.querySelectorAll(`${box} *`)) {
    const found = shadowRoot?.querySelector(what)
    if (found) return found
  }
}
const onPage = (what, read) => [...document.querySelectorAll(what)].map(read)
const allNew = (before, now) =>
  now.length === 4 && now.every((map, i) => map && (i === 0 || map !== before[i])) // 0: the picture

window.ways = {
  lab: {
    shown: () => inShadow(".st-key-lab-slot-1", ".figures").textContent,
    changed: (before, now) => now !== before,
    next: look => document.addEventListener("cnnviz:painted", look, { once: true }),
  },
  image: {
    shown: () => onPage("[data-testid=stImage] img", map => map.complete && map.naturalWidth && map.src),
    changed: allNew,
    next: look => requestAnimationFrame(look),
  },
  plotly: {
    shown: () => onPage(".js-plotly-plot .hm image", map => map.getAttribute("href") ?? map.getAttribute("xlink:href")),
    changed: allNew,
    next: look => requestAnimationFrame(look),
  },
}

window.slider = () => inShadow(".st-key-lab-bias-slider", "input[type=range]")

/** The ms from the next event of a kind to the frame after the one that shows all new maps. */
window.answer = (name, kind) => new Promise((done, fail) => {
  const way = ways[name]
  const before = way.shown()
  let start = null
  addEventListener(kind, () => { start = performance.now() }, { capture: true, once: true })
  const look = () => {
    if (start === null || !way.changed(before, way.shown())) return way.next(look)
    requestAnimationFrame(() => done(performance.now() - start))
  }
  way.next(look)
  setTimeout(() => fail(new Error(`no new maps 20 s after a ${kind}`)), 20_000)
})

/** Point at `count` cells of the feature map; the ms from each event until all is drawn. */
window.pointing = async count => {
  const cells = inShadow(".st-key-lab-slot-1", ".window canvas")
  const box = cells.getBoundingClientRect()
  const times = []
  for (let i = 0; i < count; i++) {
    const place = { clientX: box.x + 20 + 6 * i, clientY: box.y + 30 + 5 * i }
    const drawn = new Promise(done => document.addEventListener("cnnviz:painted", done, { once: true }))
    const start = performance.now()
    cells.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, pointerType: "mouse", ...place }))
    await drawn
    times.push(performance.now() - start)
  }
  return times
}

/** Note from now on what the hand sets ([ms, value]) and what is painted ([ms, figures]). */
window.watch = () => {
  window.moves = []
  window.paints = []
  slider().addEventListener("input", () => moves.push([performance.now(), Number(slider().value)]))
  document.addEventListener("cnnviz:painted", () => {
    const figures = ways.lab.shown()
    requestAnimationFrame(() => paints.push([performance.now(), figures]))
  })
}

document.addEventListener("cnnviz:painted", () => { window.first ??= performance.now() })

// What the page sends and receives: messages by websocket, and the files behind st.image.
const traffic = { bytes: 0, messages: 0, requests: 0 }
performance.setResourceTimingBufferSize(10_000)

window.spent = () => {
  const files = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/media/"))
  return { ...traffic, bytes: files.reduce((sum, file) => sum + file.transferSize, traffic.bytes) }
}

window.WebSocket = class extends WebSocket {
  constructor(...parts) {
    super(...parts)
    this.addEventListener("message", ({ data }) => {
      traffic.bytes += data.byteLength
      traffic.messages += 1
    })
  }

  send(data) {
    traffic.requests += 1
    super.send(data)
  }
}
