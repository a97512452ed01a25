// Do with the next control of the page what people do with it. Returns what that was: "" at the
// end, "open" while a popover has nothing left and is to be closed. Choices come last, because
// they change what controls there are. Waits for nothing but the page: Playwright's clicks take
// three times as long.
async ([ELSEWHERE, MOST, around]) => {
  const done = (window.walked ??= new Map())
  const POPOVER = "[data-testid=stPopoverBody]"
  const PLACES = "[data-testid=stMain], .st-key-pictures"
  const AROUND = /st-key-(picker|class|tour|link|tasks)/ // the same on every page
  const PARTS = /-(part|lesson|view|show|network|source)/ // each draws something else
  const FIELDS = "[data-testid=stNumberInput], [data-testid=stSelectbox], [data-testid=stMultiSelect]"
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

  // What looks alike in a component of ours, or among choices, is one control with other data: MOST
  // of them will do. Of a field, its text will do: what stands beside it is Streamlit's.
  const name = one => `${key(one)} ${one.tagName} ${called(one)}`
  const kind = one => one.matches(MAPS) ? one.className.split(" ")[0] : one.getRootNode() !== document ? `${one.className} ${one.getAttribute("role")} ${one.type}`
    : one.closest(FIELDS) ? `${key(one)} field`
    : isChoice(one) && !isPart(one) ? `${key(one)} choices`
    : /presets|setups/.test(key(one)) ? `${key(one)} presets`
    : `${key(one).replace(/.*(?=-kernel-)/, "")} ${one.tagName} ${called(one)}` // of each part that has a kernel
  const isNew = one => !done.has(name(one)) && (done.get(kind(one)) ?? 0) < (one.closest(FIELDS) ? 1 : MOST)

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
  const pause = async one => {
    await new Promise(done => setTimeout(done, 50))
    if (called(one) === "Pause") one.click()
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
      if (called(one) === "Pause") return pause(one) // it was "Play" until now
    }
  }
  const isPart = one => isChoice(one) && PARTS.test(key(one))
  // A run may be over between two frames: what it puts on the page tells of it.
  let hasCome = false
  const came = new MutationObserver(changes => {
    hasCome ||= changes.some(({ addedNodes }) => [...addedNodes].some(one => one.matches?.(".stElementContainer")))
  })
  const rest = async (isAwaited, isThere) => {
    // The widgets send what was done a moment later, and maps a pin once the keys rest: whatever is
    // sent in the same instant goes to the server as of one part of the page, which Streamlit warns of.
    const begin = performance.now(), latest = begin + 3000 // a training runs on until it is paused
    let hurries = 3 // what plays on has always more to send
    for (let still = 0; (still < 3 || isAwaited) && performance.now() < latest; still++) {
      await frame()
      const isRunning = !document.querySelector("[data-test-script-state=notRunning]")
      if (isRunning || isResting()) still = -1
      if (!isRunning && isResting() && hurries-- > 0) hurry()
      isAwaited &&= !isRunning && !isThere() && performance.now() < begin + 1000
    }
  }

  // What is pressed to open a popover that has its contents with the run.
  const opensMore = one => one.closest("[data-testid=stPopoverButton]") !== null
  const hasMore = () => [...document.querySelectorAll(`${POPOVER} *`)]
    .some(one => [one, ...(one.shadowRoot?.querySelectorAll(KINDS) ?? [])].some(each => each.matches(KINDS)))

  const popover = document.querySelector(POPOVER)
  const place = popover ? POPOVER : PLACES
  const controls = roots.flatMap(root => [...root.querySelectorAll(KINDS)]).filter(one => isNew(one) && outer(one, place)
    && (around || !AROUND.test(key(one))) && !one.matches(":disabled, [aria-disabled=true]") && !ELSEWHERE.includes(called(one)) && !called(one).startsWith("Help for") && one.checkVisibility())
  const one = controls.find(one => !isChoice(one)) ?? controls[0]
  if (!one) return popover ? "open" : ""
  const said = name(one)
  done.set(said, 1)
  done.set(kind(one), (done.get(kind(one)) ?? 0) + 1)
  const isAwaited = opensMore(one) || isPart(one) && one.ariaChecked !== "true" // controls come with the run
  came.observe(document.body, { childList: true, subtree: true })
  await act(one)
  await rest(isAwaited, opensMore(one) ? hasMore : () => hasCome)
  came.disconnect()
  return said
}
