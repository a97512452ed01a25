"""The accessibility violations that axe finds on a page."""

import re
from importlib.resources import files

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """async ([place, only]) => {
  const rules = only ? { runOnly: only } : {}
  const { violations } = await axe.run(place, { resultTypes: ["violations"], ...rules })
  const why = ({ any, all, none }) => [...any, ...all, ...none].map(({ message }) => message)[0]
  return violations.flatMap(({ id, nodes }) => nodes.map(node =>
    ({ id, html: node.html, of: node.target.flat().join(" "), why: why(node) })))
}"""
# Streamlit's own violations: the rule, the element, and the issue that reports it.
STREAMLITS = {
    # the drop zone for files is a "presentation" with a name and a tabindex
    ("presentation-role-conflict", "stFileUploaderDropzone"): "streamlit/streamlit#15928",
}


def violations(page, place="html", only=None):
    """Return what axe finds in a place, by all rules or one, without Streamlit's own violations."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    return [
        f"{found['id']}: {found['html'][:200]} in {found['of'][-200:]}: {found['why']}"
        for found in page.evaluate(RUN, [place, only])
        if not any(found["id"] == rule and name in found["html"] for rule, name in STREAMLITS)
    ]


def lit(page):
    """Return the theme of the page."""
    shade = page.evaluate(
        "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    )
    return "light" if int(re.findall(r"\d+", shade)[0]) > 127 else "dark"
