"""Present: the stages of every page, in letters that are read from the back row."""

import pytest

from benchmarks.first_screen import PAGES
from tests.browser.test_first_screen import PROJECTOR, opened

# Every text in sight with the size of its letters, in shadow roots too; what is only spoken is not
# in sight.
TEXTS = """() => {
  const found = []
  const fully = { opacityProperty: true, visibilityProperty: true }
  const seen = element =>
    element.checkVisibility(fully) && getComputedStyle(element).clipPath === "none"
  const sums = ".panel .grid:not(.dense) .cell, .panel .small:not(.long) *"
  const walk = root => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot)
      const text = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ data }) => data.trim()).join("")
      const { height, width } = element.getBoundingClientRect()
      if (!text || !seen(element) || height * width < 4) continue
      if (element.closest("style, script, option")) continue
      const svg = element.ownerSVGElement
      const scale = svg ? svg.getScreenCTM().a : 1
      const size = scale * parseFloat(getComputedStyle(element).fontSize)
      found.push({ text: text.slice(0, 40), size, arithmetic: element.matches(sums) })
    }
  }
  walk(document.body)
  return found
}"""


@pytest.fixture
def presented(read):
    """Return what opens a page and presents it; it is a page again afterwards."""
    shown = []

    def present(path):
        shown.append(opened(read, path, PROJECTOR))
        shown[-1].keyboard.press("p")
        shown[-1].locator("[data-testid=stHeader]").wait_for(state="hidden")
        return shown[-1]

    yield present
    for page in shown:
        page.keyboard.press("p")
        page.locator("[data-testid=stHeader]").wait_for()


@pytest.mark.parametrize("path", PAGES)
def test_what_is_presented_is_read_from_eight_metres(presented, path):
    page = presented(path)
    texts = page.evaluate(TEXTS)
    assert len(texts) > 3
    assert [text for text in texts if text["size"] < 16] == []
    assert [text for text in texts if text["arithmetic"] and text["size"] < 24] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_maps_and_their_arithmetic_fill_the_screen(presented):
    page = presented("lab")
    page.locator(".panel .cell").first.wait_for()
    for name in ("pictures", "stage-controls > *"):
        assert not page.locator(f".st-key-{name}").first.is_visible()
    box = page.locator(".st-key-lab-maps .sheet").bounding_box()
    assert box["y"] + box["height"] <= PROJECTOR[1]
    assert page.locator(".window").count() == 4


def test_a_button_ends_it_and_keys_that_are_typed_do_not_begin_it(read):
    page = opened(read, "lab", PROJECTOR)
    page.keyboard.press("p")
    page.get_by_role("button", name="Stop presenting").click()
    page.locator("[data-testid=stHeader]").wait_for()
    page.get_by_role("spinbutton", name="Stride").first.focus()
    page.keyboard.press("p")
    assert page.locator("[data-testid=stHeader]").is_visible()
