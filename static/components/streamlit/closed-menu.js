// @ts-check
// On a phone the menu of pages covers the page, and Streamlit reopens it if it was left open, even over
// the page that a link leads to. So the stored state is deleted before Streamlit reads it.

try {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("stSidebarCollapsed-")) localStorage.removeItem(name)
  }
} catch {} // without storage there is nothing to delete

export {}
