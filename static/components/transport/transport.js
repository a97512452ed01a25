// Start, pause, one step, reset; and while a training runs, what asks for the next part of it.
//
// The browser asks, one part at a time and once the last has been painted: so a training is never
// ahead of the screen, takes turns with everything else on the page, rests while its tab is out
// of sight, and ends when the page is left.
//
// The data: `running`, `over` (nothing is left to be learned), `fresh` (nothing has been learned
// yet), `status`, `rest` (ms between the paint and the next part, by which the server keeps all
// who train together from taking too much of it), and `turn`, which changes with every answer.

const LOST = 5000 // ms after which a part that has not been answered is asked for again
const HAND = 500 // ms for which it waits where something has been pressed

const mounts = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  if (!mounts.has(parentElement)) mounts.set(parentElement, new Transport(parentElement))
  const transport = mounts.get(parentElement)
  transport.send = what => setTriggerValue("asked", what)
  transport.show(data)
  return () => transport.leave()
}

class Transport {
  constructor(root) {
    const bar = root.querySelector(".transport")
    const button = (name, act) => {
      const element = bar.appendChild(document.createElement("button"))
      element.type = "button"
      element.className = name
      element.onclick = act
      return element
    }
    this.toggle = button("toggle", () => this.ask(this.data.running ? "pause" : "start"))
    this.step = button("step", () => this.ask("step"))
    this.reset = button("reset", () => this.ask("reset"))
    this.step.textContent = "One step"
    this.reset.textContent = "Reset"
    this.status = bar.appendChild(document.createElement("span"))
    this.status.className = "status"
    this.bar = bar
    this.heldUntil = 0
    this.hold = event => this.wait(event)
  }

  show(data) {
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, this.hold, true)
    this.data = data
    const { running, over, fresh, status } = data
    this.toggle.textContent = running ? "Pause" : fresh ? "Start" : "Go on"
    this.toggle.disabled = over
    this.step.disabled = over || running
    this.reset.disabled = fresh && !running
    this.status.textContent = status
    this.bar.dataset.running = running
    this.bar.dataset.turn = data.turn
    this.rest()
    if (running) {
      // no frame is drawn for a tab that nobody sees
      this.frame = requestAnimationFrame(() => this.later(data.rest))
    }
  }

  later(rest) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.tick(), Math.max(rest, this.heldUntil - performance.now()))
  }

  /** What is pressed comes first. A part that is asked for while another page is on its way would
      call that one back. */
  wait(event) {
    const leaves = event.composedPath().some(part => part.tagName === "A")
    this.heldUntil = performance.now() + (leaves ? LOST : HAND)
    if (this.data.running && this.timer) this.later(0)
  }

  tick() {
    this.send("tick")
    this.timer = setTimeout(() => this.tick(), LOST)
  }

  ask(what) {
    this.heldUntil = 0
    this.rest()
    this.send(what)
  }

  rest() {
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    this.timer = 0
  }

  leave() {
    this.rest()
    for (const kind of ["pointerdown", "keydown"]) document.removeEventListener(kind, this.hold, true)
  }
}
