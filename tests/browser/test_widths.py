"""No page scrolls sideways, and no label is cut off, from a small phone to a projector."""

import pytest

from cnnviz.ui.activations.settings import chosen as lesson
from cnnviz.ui.convolution.settings import chosen as exercise
from cnnviz.ui.geometry.settings import part as geometry_part
from cnnviz.ui.kernels.settings import part as kernels_part
from cnnviz.ui.pixels.settings import part as pixels_part
from cnnviz.ui.training.settings import part as training_part
from tests.test_imports import slugs

PARTS = {
    "activations": lesson,
    "convolution": exercise,
    "geometry": geometry_part,
    "kernels": kernels_part,
    "pixels": pixels_part,
    "training": training_part,
}
PAGES = sorted("" if slug == "first" else slug for _, slug in slugs())
SIZES = ((280, 653), (390, 844), (1280, 720), (1280, 860), (1920, 1080))
# Labels, and tables of few columns, that are wider than their place, by name; and by how much.
CUT = """() => {
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const labels = "button, button *, label, label *, .legend > .called, .head > .title, h1, h2"
  const hides = one => /hidden|clip|auto/.test(getComputedStyle(one).overflowX)
  const spoken = one => getComputedStyle(one).clipPath !== "none"
  return all(document.body)
    .filter(one => one.matches(labels + ", .scroll") && one.checkVisibility() && !spoken(one))
    .filter(one => hides(one) && one.scrollWidth > one.clientWidth + 1 && one.textContent.trim())
    .map(one => `${one.textContent.trim()} (${one.scrollWidth} in ${one.clientWidth})`)
}"""


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_and_no_label_is_cut(tab, path):
    opened = tab(path=path, size=SIZES[0])
    settle(opened)
    if part := PARTS.get(path):
        for title in list(part.options.values())[1:]:
            choices = opened.page.get_by_role("radiogroup", name=part.label, exact=True)
            choices.get_by_role("radio", name=title, exact=True).click()
            opened.page.locator("[data-test-script-state=notRunning]").wait_for()
            settle(opened)


def settle(opened):
    """Wait until the page is no wider than its window, of any size, and shows its labels whole."""
    for width, height in SIZES:
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.settles(lambda: max(0, opened.overflow()), 0)
        if width > 280:  # there, a word may be longer than its place
            opened.settles(lambda: opened.page.evaluate(CUT), [])


def test_a_label_that_is_cut_is_found(tab):
    page = tab(size=(1280, 720), fresh=True).page
    page.add_style_tag(content="[data-testid=stMain] button p { width: 1em; overflow: hidden; }")
    assert len(page.evaluate(CUT)) > 5
