// @ts-check
// On a phone the menu of pages covers the page, and Streamlit opens it again for whoever left it
// open: also over the page that a link leads to. So it is forgotten before Streamlit looks.

try {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("stSidebarCollapsed-")) localStorage.removeItem(name)
  }
} catch {} // a browser that keeps nothing has no menu to forget

export {}
