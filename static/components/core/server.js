// @ts-check
// Where the server is.

/** The address of the app, without a slash at its end; the modules are served from BASE/app/static/. */
export const BASE = import.meta.url.split("/app/static/")[0]

/**
 * The address of one of the server's WebSockets.
 *
 * @param {string} name
 */
export function socketAddress(name) {
  const address = new URL(`${BASE}/${name}`)
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:"
  return address
}
