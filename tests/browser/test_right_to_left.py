"""On a page that reads from right to left, numbers, signs and formulas do not."""

import pytest

from tests.browser.tab import Tab

TURN = "() => { document.documentElement.dir = 'rtl' }"
# Where a text's characters are, from left to right, whatever their order in it.
PLACES = """(element, wanted) => {
  const texts = document.createNodeIterator(element, NodeFilter.SHOW_TEXT)
  const found = []
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (let i = 0; i < text.data.length; i++) {
      const range = document.createRange()
      range.setStart(text, i)
      range.setEnd(text, i + 1)
      const { left, top } = range.getBoundingClientRect()
      if (wanted.includes(text.data[i])) found.push([Math.round(top / 12), left, text.data[i]])
    }
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return found.map(([, , character]) => character).join("")
}"""
ARABIC = "element => element.firstChild.before('حجم الناتج')"


@pytest.fixture(scope="module")
def turned(browser, address):
    """Return a function that opens a page and makes it right-to-left, in one tab for all tests."""
    with browser.new_context(viewport={"width": 1600, "height": 1000}, bypass_csp=True) as context:
        tab, last = Tab(context, address), []

        def make(path=""):
            if last != [path]:
                tab.open(path=path).page.evaluate(TURN)
                last[:] = [path]
            return tab.page

        yield make
        assert tab.troubles == []


def test_a_formula_in_an_arabic_sentence_reads_from_left_to_right(turned):
    for path in ("geometry", "pooling"):  # one formula per line
        page = turned(path)
        formula = page.locator("p").filter(has_text="⌊").filter(has_text="= ").first
        formula.evaluate(ARABIC)
        assert formula.evaluate(PLACES, "⌊÷⌋=").startswith("⌊÷⌋")


def test_kernels_and_the_arithmetic_read_from_left_to_right(turned):
    page = turned()
    cells = page.locator(".panel .channel .grid").nth(1).locator(".cell")
    lefts = [cells.nth(i).bounding_box()["x"] for i in range(3)]
    assert lefts == sorted(lefts)
    assert cells.first.evaluate(PLACES, "−1") == "−1"
    blocks = page.locator(".panel .channel .block")
    lefts = [blocks.nth(i).bounding_box()["x"] for i in range(3)]
    assert lefts == sorted(lefts)


def test_a_range_keeps_its_ends_and_a_field_its_sign(turned):
    page = turned()
    choice = page.locator("[data-testid=stButtonGroup] button p").filter(has_text="0–255")
    assert choice.evaluate(PLACES, "0–25") == "0–255"
    direction = "element => getComputedStyle(element).direction"
    assert (
        page.locator("[data-testid=stNumberInputContainer] input").first.evaluate(direction)
        == "ltr"
    )


def test_pages_and_pictures_share_the_row_above(turned):
    page = turned()
    pictures = page.locator(".st-key-pictures").bounding_box()
    lefts = [
        one.bounding_box()["x"] for one in page.locator("[data-testid=stTopNavLink]:visible").all()
    ]
    assert pictures["x"] + pictures["width"] <= min(lefts)
