// Runs in the pages that latency.py measures. Each way of showing the maps has `shown` (what is on
// screen), `changed` (whether a change is complete) and `next` (when to look again).

const inShadow = (box, what) => {
  for (const { shadowRoot } of document.querySelectorAll(`${box} *`)) {
    const found = shadowRoot?.querySelector(what)
    if (found) return found
  }
}
const onPage = (what, read) => [...document.querySelectorAll(what)].map(read)
const allNew = (before, now) =>
  now.length === 4 && now.every((map, i) => map && (i === 0 || map !== before[i])) // 0: the picture

/** An element of the Lab's feature map; the second selector is for checkouts without the block. */
const ofFeatures = what =>
  inShadow(".st-key-lab-block", `.pane[data-slot='lab:1'] ${what}`) ?? inShadow(".st-key-lab-slot-1", what)

window.ways = {
  lab: {
    shown: () => ofFeatures(".figures").textContent,
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

/** Point at `count` cells of the feature map; the ms from each event until everything is drawn. */
window.pointing = async count => {
  const cells = ofFeatures(".window canvas")
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

/** Record from now on what the hand sets ([ms, value]) and what is painted ([ms, figures]). */
window.watch = () => {
  window.moves = []
  window.paints = []
  slider().addEventListener("input", () => moves.push([performance.now(), Number(slider().value)]))
  document.addEventListener("cnnviz:painted", () => {
    const figures = ways.lab.shown()
    requestAnimationFrame(() => paints.push([performance.now(), figures]))
  })
}

/** Follow a slider: what the hand sets (`set`), and what is painted (`shown`), as [ms, value]. */
window.follow = label => {
  const slider = inShadow("[data-testid=stMain]", `input[type=range][aria-label="${label}"]`)
  watchHand(slider, "input", () => slider.value, shown => shown)
}

/** Follow the pen on a sheet: the position of the hand, and the end of the painted drawing. */
window.followPen = () => {
  const sheet = inShadow("[data-testid=stMain]", "canvas.sheet")
  const hex = place => Math.min(255, Math.max(0, Math.round(place))).toString(16).padStart(2, "0")
  watchHand(sheet, "pointermove", ({ clientX, clientY }) => {
    const { left, top, width } = sheet.getBoundingClientRect()
    return hex((clientX - left) * 256 / width) + hex((clientY - top) * 256 / width)
  }, shown => shown.slice(-4))
}

function watchHand(element, kind, value, painted) {
  if (window.followed !== element) {
    element.addEventListener(kind, event => hand.set.push([performance.now(), value(event)]))
    new MutationObserver(() => { // right before the frame that shows it, as `watch` for the Lab
      hand.shown.push([performance.now(), painted(element.dataset.shown)])
    }).observe(element, { attributeFilter: ["data-shown"] })
  }
  window.followed = element
  window.hand = { set: [], shown: [] }
  element.scrollIntoView({ block: "center" })
}

/** For each painted value, the ms since the hand set it. */
window.delays = () => {
  const found = []
  let next = 0
  for (const [painted, value] of hand.shown) {
    const index = hand.set.findIndex(([, wanted], i) => i >= next && wanted === value)
    if (index < 0 || hand.set[index][0] > painted) continue // the last value again, for the page run
    found.push(painted - hand.set[index][0])
    next = index + 1
  }
  return found
}

/** The ms from the next event of a kind to the frame after the last paint that it causes. */
window.settled = kind => new Promise((done, fail) => {
  let [start, last] = [null, null]
  addEventListener(kind, () => { start = performance.now() }, { capture: true, once: true })
  const painted = () => requestAnimationFrame(() => { if (start !== null) last = performance.now() })
  document.addEventListener("cnnviz:painted", painted)
  const look = setInterval(() => {
    const running = !document.querySelector("[data-test-script-state=notRunning]")
    if (last === null || running || performance.now() - last < 150) return
    clearInterval(look)
    document.removeEventListener("cnnviz:painted", painted)
    done(last - start)
  }, 10)
  setTimeout(() => fail(new Error(`nothing new 20 s after a ${kind}`)), 20_000)
})

document.addEventListener("cnnviz:painted", () => { window.firstMaps ??= performance.now() })

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
      traffic.bytes += data.byteLength ?? data.length // the live channel also sends text
      traffic.messages += 1
    })
  }

  send(data) {
    if (!String(data).startsWith('{"got"')) traffic.requests += 1 // a receipt asks for nothing
    super.send(data)
  }
}
