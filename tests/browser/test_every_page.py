"""Every page, and every part of it: on a projector, a phone and paper, and for everyone."""

import pytest

from benchmarks.first_screen import share_of_maps
from cnnviz.ui.activations.settings import chosen as lesson
from cnnviz.ui.convolution.settings import chosen as exercise
from cnnviz.ui.geometry.settings import part as geometry_part
from cnnviz.ui.kernels.settings import part as kernels_part
from cnnviz.ui.pixels.settings import part as pixels_part
from cnnviz.ui.training.settings import part as training_part
from tests.browser.axe import lit, violations
from tests.browser.paper import PAPER, READ
from tests.browser.projector import ARITHMETIC, BEGUN, PHONE, PROJECTOR, STANDS, TEXTS, opened
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
# Pages that open without arithmetic: the kernel gallery has none, and on Training it is below the
# training, with what was learned.
WITHOUT_ARITHMETIC = ("kernels", "training")
PLAYED = ("", "activations", "convolution", "geometry", "pixels", "pooling")  # with a player
SIZES = ((280, 653), (390, 844), (1280, 720), (1280, 860), (1920, 1080))
FEW = (SIZES[0], SIZES[1], SIZES[2])  # for the parts of a page
# Labels and narrow tables that are wider than their place, by name; and by how much.
CUT = """() => {
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const labels = "button, button *, label, label *, .legend > .called, .head > .title, h1, h2"
  const hides = one => /hidden|clip|auto/.test(getComputedStyle(one).overflowX)
  const spoken = one => getComputedStyle(one).clipPath !== "none"
  const beyond = one => {
    const [own, line] = [one, one.closest(".legend")].map(each => each.getBoundingClientRect())
    return own.top < line.bottom && own.right > line.right + 1
  }
  const lines = all(document.body)
    .filter(one => one.matches(".legend :is(.called, .end)") && one.checkVisibility())
    .filter(beyond)
    .map(one => `${one.textContent} (beyond its map)`)
  return lines.concat(all(document.body)
    .filter(one => one.matches(labels + ", .scroll") && one.checkVisibility() && !spoken(one))
    .filter(one => hides(one) && one.scrollWidth > one.clientWidth + 1 && one.textContent.trim())
    .map(one => `${one.textContent.trim()} (${one.scrollWidth} in ${one.clientWidth})`))
}"""


# Parts of a page, or values of a setting, that stand apart and whose frame is not closed.
OPEN_FRAMES = """() => [...document.querySelectorAll("[data-testid=stButtonGroup] button")]
  .filter(one => one.closest(".st-key-stage") && one.parentElement.children.length > 2)
  .filter(one => new Set(["Top", "Right", "Bottom", "Left"]
    .map(side => getComputedStyle(one)[`border${side}Color`])).size > 1)
  .map(one => one.textContent)"""
# Sliders that are stretched, and push away what they change.
STRETCHED = """() => [...document.querySelectorAll('.st-key-stage [class*="-slider"]')]
  .filter(one => one.offsetHeight > 100)
  .map(one => one.className.match(/st-key-(\\S+)/)[1])"""
# Names of maps that drop out of the line below their map and so cannot be seen.
FALLEN = """() => {
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const foot = one => one.getBoundingClientRect().bottom
  return all(document.body)
    .filter(one => one.matches(".legend > .called") && one.checkVisibility())
    .filter(one => foot(one) > foot(one.closest(".legend")) + 3)
    .map(one => one.textContent)
}"""


@pytest.fixture(scope="module", params=PAGES)
def path(request):
    """Return one page after another: all tests that only look at a page share one opening of it."""
    return request.param


def test_a_projector_shows_maps_on_two_fifths_and_the_arithmetic_whole_beside_them(read, path):
    page = opened(read, path, PROJECTOR)
    # On a busy machine, the layers of a network are painted after the page is at rest.
    read(path, size=PROJECTOR).settles(lambda: share_of_maps(page)[0] >= 0.4, True)
    if path not in WITHOUT_ARITHMETIC:
        found = page.evaluate(ARITHMETIC)
        assert found["count"] > 0
        assert found["wrong"] == []


def test_maps_begin_in_the_upper_half_of_a_phone(read, path):
    page = opened(read, path, PHONE)
    read(path, size=PHONE).settles(lambda: (share_of_maps(page)[1] or 1) < 0.5, True)


def test_presented_text_is_readable_from_eight_metres_and_starts_in_view(presented, path):
    page = presented(path)
    if path in PLAYED:
        page.evaluate(STANDS)
        assert page.evaluate(BEGUN) == {"plays": True, "wrong": []}
    texts = page.evaluate(TEXTS)
    assert len(texts) > 3
    assert [text for text in texts if text["size"] < 16] == []
    assert [text for text in texts if text["arithmetic"] and text["size"] < 24] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


# Parts with a player, and lessons with many maps above it.
PLAYED_PARTS = (
    *(("activations", f"lesson={one}") for one in ("edge", "channels", "linear", "dying", "norm")),
    ("pooling", "source=matrix"),
    ("kernels", "part=one"),
)


@pytest.mark.parametrize(("page", "query"), PLAYED_PARTS)
def test_the_arithmetic_begins_in_sight_and_clear_of_the_way_out_and_the_names_of_maps_stand(
    presented, page, query
):
    shown = presented(page, query)
    shown.evaluate(STANDS)
    assert shown.evaluate(BEGUN) == {"plays": True, "wrong": []}
    assert shown.evaluate(FALLEN) == []


def test_a_page_on_paper_is_a_handout(read, path):
    for width, height in PAPER.values():
        found = read(path, size=(width, height), media="print").page.evaluate(READ)
        assert found["controls"] == found["floating"] == found["cut"] == found["scrolled"] == []
        assert found["wider"] <= 0
        assert found["tallest"] <= height
        assert found["maps"] > 0


def test_axe_finds_nothing_and_no_label_is_cut_in_any_part(tab, path):
    shown = tab(path=path)
    page = shown.page
    assert violations(page) == []
    assert page.evaluate(OPEN_FRAMES) == []
    page.emulate_media(color_scheme="dark")
    shown.settles(lambda: lit(page), "dark")
    assert violations(page, only="color-contrast") == []  # nothing else depends on the theme
    settle(shown, SIZES)
    if part := PARTS.get(path):
        for title in list(part.options.values())[1:]:
            choices = page.get_by_role("radiogroup", name=part.label, exact=True)
            choices.get_by_role("radio", name=title, exact=True).click()
            choices.get_by_role("radio", name=title, exact=True, checked=True).wait_for()
            page.locator("[data-test-script-state=notRunning]").wait_for()
            settle(shown, FEW)
            shown.settles(lambda: violations(page, ".st-key-stage"), [])


def settle(shown, sizes):
    """Wait until the page, at every window size, fits, stretches no slider and cuts no label."""
    for width, height in sizes:
        shown.page.set_viewport_size({"width": width, "height": height})
        shown.settles(lambda: max(0, shown.overflow()), 0)
        shown.settles(lambda: shown.page.evaluate(STRETCHED), [])
        if width > 280:  # at 280, a word may be wider than its place
            shown.settles(lambda: shown.page.evaluate(CUT), [])


def test_a_label_that_is_cut_is_found(tab):
    shown = tab(size=(1280, 720), fresh=True)
    cut = "[data-testid=stMain] button p { width: 1em; overflow: hidden; }"
    shown.page.add_style_tag(content=cut)
    shown.settles(lambda: len(shown.page.evaluate(CUT)) > 5, True)
