// @ts-check
// Go to another page of the server. While the connection is down, the browser would show its own error page
// and this one would be gone; so this waits until the connection is back.

import { reached } from "./reached.js"

const LOST = "Connection lost: this opens when it is back."

/** @typedef {(sentence: string) => void} Tell Says that the connection is lost. */

/**
 * @param {string | URL} address
 * @param {Tell} tell
 */
export async function leave(address, tell) {
  await server(address, tell)
  location.assign(address)
}

/**
 * Make a link wait like this too. If its address changes meanwhile, it leads to the new one.
 *
 * @param {HTMLAnchorElement} link
 * @param {Tell} tell
 */
export function leadAway(link, tell) {
  link.onclick = async event => {
    if (!link.href || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return // in another tab
    event.preventDefault()
    await server(link.href, tell)
    if (link.href) location.assign(link.href)
  }
}

/**
 * @param {string | URL} address
 * @param {Tell} tell
 */
const server = (address, tell) => reached(address, { method: "HEAD", cache: "no-store" }, () => tell(LOST))
