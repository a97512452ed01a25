// @ts-check
// When a tab reconnects, Streamlit asks for a run of the page only if it believes that one was in progress.
// Otherwise a press just before or during the interruption would stay unanswered, and an answer that was
// under way would stay incomplete. So when the connection closes, this script makes Streamlit believe that
// a run has begun. It must come before Streamlit's own script, which opens the connection.

import { hearThrough } from "./messages.js"

const SESSION_STATUS_CHANGED = 9 // a field of Streamlit's ForwardMsg
const SCRIPT_IS_RUNNING = 2 // a field of that one's
const BEGUN = new Uint8Array([SESSION_STATUS_CHANGED << 3 | 2, 2, SCRIPT_IS_RUNNING << 3, 1])

hearThrough((listener, line) => {
  line.addEventListener("close", () => listener(new MessageEvent("message", { data: BEGUN.slice().buffer })))
  return listener
})
