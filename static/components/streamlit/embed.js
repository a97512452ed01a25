// @ts-check
// To embed a page one writes "?embed"; Streamlit, which then leaves its own bars out, reads
// "?embed=true" alone. Runs before Streamlit's own script looks at the address.

(() => {
  const address = new URL(window.location.href)
  if (!["", "1"].includes(address.searchParams.get("embed") ?? "no")) return
  address.searchParams.set("embed", "true")
  window.history.replaceState(window.history.state, "", address)
})()
