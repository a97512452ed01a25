"""A page that the browser has translated still works."""

import pytest

from tests.browser.tab import Tab

# Like Chrome: <font><font>the translation</font></font> replaces the text node, which leaves the
# page although the code that wrote it still holds it. Marked elements stay as they are.
TRANSLATE = """() => {
  const texts = root => [...root.childNodes].flatMap(node => {
    if (node instanceof Text) return node.data.trim() ? [node] : []
    const kept = "[translate=no], script, style, font, code, svg"
    if (!(node instanceof Element) || node.matches(kept)) return []
    return [...texts(node), ...(node.shadowRoot ? texts(node.shadowRoot) : [])]
  })
  for (const text of texts(document.body)) {
    const outer = document.createElement("font")
    outer.append(document.createElement("font"))
    outer.firstChild.append(`«${text.data}»`)
    text.replaceWith(outer)
  }
}"""
# Two of each group: another choice of the same group redraws the same elements.
CHOICES = "[data-testid=stMain] [data-testid=stButtonGroup] button:nth-child(-n + 2):visible"
SWITCHES = "[data-testid=stMain] [data-testid=stCheckbox] label:visible"
POPOVERS = "[data-testid=stMain] [data-testid=stPopoverButton]:visible"
INSIDE_OURS = """() => [...document.querySelectorAll("*")]
  .filter(({ shadowRoot }) => shadowRoot?.querySelector("font")).length"""


@pytest.fixture
def translated(contexts, address):
    """Return a function that opens a page and translates it, again after each change."""
    opened = []

    def make(path):
        opened.append(Tab(contexts(), address).open(path=path))
        opened[-1].page.evaluate(TRANSLATE)
        return opened[-1]

    yield make
    troubles = [trouble for one in opened for trouble in one.troubles]
    for one in opened:
        one.page.close()
    assert troubles == []


# A run begins a moment after the change, and draws a few frames after it ends.
RESTS = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  const soonest = performance.now() + 100
  for (let still = 0; still < 3 || performance.now() < soonest; still++) {
    await frame()
    if (!document.querySelector("[data-test-script-state=notRunning]")) still = -1
  }
}"""


def do(page, act):
    act()
    page.evaluate(RESTS)
    page.evaluate(TRANSLATE)


def follows_the_numbers(tab):
    """Change the stride: the sentence about the size follows although it was translated."""
    formula = tab.page.get_by_text("Output size").locator("xpath=ancestor-or-self::p")
    before = formula.inner_text()
    assert "«" in before
    stride = tab.page.get_by_role("spinbutton", name="Stride").first
    stride.fill("2")
    stride.press("Enter")
    tab.query("stride=2")
    tab.page.locator("[data-test-script-state=notRunning]").wait_for()
    assert "÷ 2⌋ + 1 = 128" in formula.inner_text()
    assert "÷ 1⌋ + 1 = 256" not in formula.inner_text()


@pytest.mark.parametrize("path", ["", "activations", "inside", "training"])
def test_every_choice_can_still_be_made_and_a_sentence_follows_its_numbers(translated, path):
    tab = translated(path)
    page = tab.page
    assert page.locator("font").count() > 20
    if path == "":
        follows_the_numbers(tab)
    for kind in (CHOICES, SWITCHES, POPOVERS):
        for i in range(page.locator(kind).count()):
            one = page.locator(kind).nth(i)
            if i < page.locator(kind).count() and one.get_attribute("aria-checked") != "true":
                do(page, one.click)
                if kind == POPOVERS:
                    do(page, lambda: page.keyboard.press("Escape"))
    assert page.evaluate(INSIDE_OURS) == 0  # numbers and signs are not translated
    assert page.locator("[data-testid=stException]").count() == 0
