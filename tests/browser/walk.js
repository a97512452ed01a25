// Do with the next control of the page what people do with it. Returns what that was: "" at the
// end, "open" while a popover has nothing left and is to be closed. Choices come last, because
// they change what controls there are. Waits for nothing but the page: Playwright's clicks take
// three times as long.
async ([ELSEWHERE, MOST]) => {
  const done = (window.walked ??= new Map())
  const POPOVER = "[data-testid=stPopoverBody]"
  const PLACES = "[data-testid=stMain], .st-key-pictures"
  const MAPS = ".window, .sheet[tabindex]"
  const KINDS = `button, input:not([type=file]), textarea, ${MAPS}`

  const frame = () => new Promise(requestAnimationFrame)
  const roots = [document, ...[...document.querySelectorAll("[data-testid^=stBidiComponent]")]
    .flatMap(({ shadowRoot }) => shadowRoot ?? [])]
  const outer = (one, selector) =>
    one.closest(selector) ?? (one.getRootNode().host ? outer(one.getRootNode().host, selector) : null)
  const called = one => (one.getAttribute("aria-label") ?? one.textContent).trim()
  const key = one => outer(one, "[class*=st-key-]")?.className.match(/st-key-[\w-]+/)[0] ?? ""
  const isChoice = one => one.getAttribute("role") === "radio"

  // What looks alike in a component of ours, among the choices of a popover, or in one field for a
  // number, is one control with other data: MOST of them will do.
  const name = one => `${key(one)} ${one.tagName} ${called(one)}`
  const kind = one => one.getRootNode() !== document ? `${one.className} ${one.getAttribute("role")} ${one.type}`
    : one.closest("[data-testid=stNumberInput]") ? `${key(one)} number`
    : isChoice(one) && one.closest(POPOVER) ? `${key(one)} choices` : name(one)
  const isNew = one => !done.has(name(one)) && (done.get(kind(one)) ?? 0) < MOST

  const press = (one, ...keys) => {
    one.focus()
    const how = { bubbles: true, composed: true, cancelable: true }
    for (const key of keys) one.dispatchEvent(new KeyboardEvent("keydown", { key, ...how }))
  }
  const enter = (one, value) => {
    const kind = one.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(one, value)
    for (const type of ["input", "change"]) one.dispatchEvent(new Event(type, { bubbles: true, composed: true }))
    press(one, "Enter")
  }
  const act = one => {
    if (one.matches(MAPS)) press(one, "ArrowRight", "ArrowDown", "+", "Enter", "Escape", "0")
    else if (one.matches("[role=combobox]")) press(one, "ArrowDown", "ArrowDown", "Enter")
    else if (one.matches("[type=range]")) enter(one, one.value < one.max ? Number(one.value) + Number(one.step || 1) : one.min)
    else if (one.matches("input:not([type=checkbox]), textarea")) enter(one, one.value || "1")
    else {
      // A hand comes down before it clicks: a training then waits with the next steps.
      const there = one.getRootNode().host ?? one
      there.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }))
      one.click()
    }
  }
  const rest = async () => {
    // The widgets send what was done a moment later, and maps a pin once the keys rest: whatever is
    // sent in the same instant goes to the server as of one part of the page, which Streamlit warns of.
    const soonest = performance.now() + (one.matches(MAPS) ? 450 : 50)
    const latest = performance.now() + 3000 // a training runs on until it is paused
    for (let still = 0; (still < 3 || performance.now() < soonest) && performance.now() < latest; still++) {
      await frame()
      if (!document.querySelector("[data-test-script-state=notRunning]")) still = -1
    }
  }

  const popover = document.querySelector(POPOVER)
  const place = popover ? POPOVER : PLACES
  const controls = roots.flatMap(root => [...root.querySelectorAll(KINDS)]).filter(one => isNew(one) && outer(one, place)
    && !one.disabled && !ELSEWHERE.includes(called(one)) && !called(one).startsWith("Help for") && one.checkVisibility())
  const one = controls.find(one => !isChoice(one)) ?? controls[0]
  if (!one) return popover ? "open" : ""
  const said = name(one)
  done.set(said, 1)
  done.set(kind(one), (done.get(kind(one)) ?? 0) + 1)
  act(one)
  await rest()
  return said
}
