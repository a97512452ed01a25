// @ts-check
// Streamlit draws the contents of a popover at the end of the page and leaves the focus on its button:
// keyboard users would have to press Tab through everything else to reach them. So when a key opens a
// popover, the focus moves into it, and back to its button when it closes. A mouse click leaves the
// focus where it is, and so does a tap, since focusing a field would open the on-screen keyboard. The
// same holds for the menu of pages in a narrow window, whose button is gone while it is open; Escape
// closes it, as it does a popover.

import { first, soon } from "../core/focus.js"

const POPOVER_BUTTON = "[data-testid=stPopoverButton]"
const POPOVER_BODY = "[data-testid=stPopoverBody]"
const MENU_BUTTON = "[data-testid=stExpandSidebarButton]"
const MENU = "[data-testid=stSidebar][data-collapsed=false]"
const MENU_CLOSE = "[data-testid=stSidebarCollapseButton] button"

/** The class of the popover that was opened with a key; its button is found by it. */
let opened = ""

/** @param {Element} button */
const classOf = button => [...(button.closest("[class*=st-key-]")?.classList ?? [])].find(name => name.startsWith("st-key-")) ?? ""

document.addEventListener("click", ({ detail, target }) => {
  const button = target instanceof Element ? target.closest(POPOVER_BUTTON) : null
  opened = button && !detail && button.getAttribute("aria-expanded") !== "true" ? classOf(button) : ""
  if (opened) soon(() => first(document.querySelector(POPOVER_BODY)), field => field.focus())
}, { capture: true })

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !opened || !document.querySelector(POPOVER_BODY)) return
  const left = opened
  soon(() => !document.querySelector(POPOVER_BODY), () => {
    const button = document.querySelector(`.${CSS.escape(left)} ${POPOVER_BUTTON}`)
    if (button instanceof HTMLElement) button.focus()
  })
}, { capture: true })

const leaveMenu = () => soon(
  () => document.querySelector(MENU_BUTTON), button => { if (button instanceof HTMLElement) button.focus() },
)

document.addEventListener("click", ({ detail, isTrusted, target }) => {
  if (detail || !isTrusted || !(target instanceof Element)) return
  if (target.closest(MENU_BUTTON)) soon(() => first(document.querySelector(MENU)), field => field.focus())
  if (target.closest(MENU_CLOSE)) leaveMenu()
}, { capture: true })

document.addEventListener("keydown", ({ key, target }) => {
  const menu = key === "Escape" && target instanceof Element ? target.closest(MENU) : null
  const close = menu?.querySelector(MENU_CLOSE)
  if (!(close instanceof HTMLElement)) return
  close.click()
  leaveMenu()
}, { capture: true })
