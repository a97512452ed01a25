// @ts-check
// A tab that has its line back asks for a run of its page only if it has heard that one had begun. What was
// pressed just before the line was lost, or without it, would stay unanswered, and of an answer that was
// under way the rest would be missing. So whoever loses the line is told that a run has begun. This script
// must come before Streamlit's own, which opens the connection.

import { hearThrough } from "./messages.js"

const SESSION_STATUS_CHANGED = 9 // a field of Streamlit's ForwardMsg
const SCRIPT_IS_RUNNING = 2 // a field of that one's
const BEGUN = new Uint8Array([SESSION_STATUS_CHANGED << 3 | 2, 2, SCRIPT_IS_RUNNING << 3, 1])

hearThrough((listener, line) => {
  line.addEventListener("close", () => listener(new MessageEvent("message", { data: BEGUN.slice().buffer })))
  return listener
})
