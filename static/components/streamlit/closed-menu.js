// @ts-check
// On a phone the menu of pages covers the page, and Streamlit reopens it if it was left open, even over
// the page that a link leads to. So its state is forgotten before Streamlit looks.

try {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("stSidebarCollapsed-")) localStorage.removeItem(name)
  }
} catch {} // a browser that stores nothing has no menu to forget

export {}
