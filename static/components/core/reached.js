// @ts-check

const AGAIN = 1000 // ms from a failed request to the next attempt
const FAILED = 500 // and above: the server is starting, or its proxy says so

/**
 * The server's response; while the connection is down, keep trying.
 *
 * @param {string | URL} address
 * @param {RequestInit} [how]
 * @param {() => void} [lose] Called after each failed attempt.
 */
export async function reached(address, how, lose) {
  for (;;) {
    const answer = await fetch(address, how).catch(() => null)
    if (answer && answer.status < FAILED) return answer
    lose?.()
    await new Promise(again => setTimeout(again, AGAIN))
  }
}
