// @ts-check
// Our pages are embedded with "?embed"; Streamlit, which then leaves out its own bars, understands
// only "?embed=true". This script runs before Streamlit's own reads the address.

(() => {
  const address = new URL(window.location.href)
  if (!["", "1"].includes(address.searchParams.get("embed") ?? "no")) return
  address.searchParams.set("embed", "true")
  window.history.replaceState(window.history.state, "", address)
})()
