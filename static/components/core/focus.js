// @ts-check
// What can have the focus, in our components too.

const FIELDS = "button, input, textarea, select, [tabindex]"
const TIME = 5000 // ms for the page to be drawn

/**
 * Call `act` with what `look` finds, as soon as it finds something.
 *
 * @template Found
 * @param {() => Found | null | undefined | false} look
 * @param {(found: Found) => void} act
 */
export function soon(look, act, until = performance.now() + TIME) {
  const found = look()
  if (found) act(found)
  else if (performance.now() < until) requestAnimationFrame(() => soon(look, act, until))
}

/**
 * The fields that Tab would reach in a part of the page, in their order.
 *
 * @param {ParentNode | null} part
 * @returns {Generator<HTMLElement>}
 */
export function* fields(part) {
  for (const one of part?.querySelectorAll("*") ?? []) {
    if (one instanceof HTMLElement && one.matches(FIELDS) && one.tabIndex >= 0 && !one.matches(":disabled") && one.checkVisibility()) yield one
    if (one.shadowRoot) yield* fields(one.shadowRoot)
  }
}

/**
 * The first field that Tab would reach.
 *
 * @param {ParentNode | null} part
 * @returns {HTMLElement | undefined}
 */
export const first = part => fields(part).next().value
