"""The Activations page in Chromium: curves under the cursor, the cut along a row, all lessons."""

import json
import math
import re

import pytest

from cnnviz import ACTIVATIONS, KERNELS, batch_norm, conv2d, relu
from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import sample_picture

ASTRONAUT = grey(fit(sample_picture("astronaut").pixels, 256)).astype(float)


@pytest.fixture
def page(tab):
    return tab(path="activations").page


def lesson(page, name):
    page.get_by_role("radio", name=name).click()
    page.get_by_role("radio", name=name, checked=True).wait_for()


def point(page, window, x, y):
    """Move the mouse over a map, and wait for the redraw."""
    window.hover(position={"x": x, "y": y})
    page.evaluate("() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")


def charts(page):
    """Return what each chart of a curve shows for the cell under the cursor: x, answer, slope."""
    cells = page.locator(".block .pane:nth-child(n + 3) .chart")
    cells.first.wait_for()
    return [json.loads(cells.nth(i).get_attribute("data-cell")) for i in range(cells.count())]


def family():
    """Return the activations in the order of the gallery."""
    return [activation for name, activation in ACTIVATIONS.items() if name != "none"]


@pytest.mark.parametrize("place", [(40, 60), (90, 30), (120, 140)])
def test_every_curve_shows_answer_and_slope_of_the_cell_that_is_pointed_at(read, place):
    page = read("activations").page
    before = charts(page)
    point(page, page.locator(".block .pane:nth-child(n + 3) .window").first, *place)
    shown = charts(page)
    assert shown[0] != before[0]
    for activation, (x, answer, slope) in zip(family(), shown, strict=True):
        expected = activation.function(x, **activation.defaults)
        assert answer == pytest.approx(float(expected), rel=1e-9, abs=1e-12)
        expected = activation.derivative(x, **activation.defaults)
        assert slope == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def test_pointing_asks_nothing_of_the_server(read):
    page = read("activations").page
    page.evaluate(
        "() => { const send = WebSocket.prototype.send; window.sent = 0;"
        " WebSocket.prototype.send = function (data) { window.sent++; send.call(this, data) } }"
    )
    point(page, page.locator(".block .pane:nth-child(n + 3) .window").nth(3), 70, 70)
    assert page.evaluate("window.sent") == 0


def test_a_slope_moved_by_hand_reaches_the_map(tab):
    opened = tab(path="activations")
    field = opened.page.locator("input[type=number][aria-label='PReLU, slope a']")
    opened.change(lambda: (field.fill("-1"), field.press("Enter")))
    opened.shows("256 × 256 · 0 … 7.474")

    def turns():
        x, answer, slope = charts(opened.page)[2]
        return (answer, slope) == ((x, 1) if x > 0 else (-x, -1))

    opened.settles(turns, True)


def cut(page):
    """Return the marked value and the number of zeros of each cut, before and after."""
    found = page.locator(".profile svg")
    read = [found.nth(i).evaluate("svg => ({ ...svg.dataset })") for i in range(2)]
    return [(float(each["value"]), int(each["zeros"])) for each in read]


def test_the_profile_marks_a_bar_in_sight_and_follows_the_cursor_and_the_row_slider(page):
    lesson(page, "Across an edge")
    title = page.locator(".profile .title")
    title.filter(has_text="Row 128,").filter(has_text="Column 74 is marked").wait_for()
    mark = page.locator(".profile svg .here").first.get_attribute("d")
    above, below = map(float, re.fullmatch(r"M\S+ 0V(\S+)M\S+ (\S+)V120", mark).groups())
    # The strongest response of the row, 4.091, is a bar from the zero line nearly to the top.
    assert above < 60 - 50
    assert below > 60
    point(page, page.locator(".pane[data-slot='activations.edge:1'] .window"), 60, 50)
    assert "Row 128," not in title.inner_text()
    (before, zeros), (after, more) = cut(page)
    assert after == float(relu(before))
    assert more > zeros
    field = page.locator("input[type=number][aria-label=Row]")
    field.fill("20")
    field.press("Enter")
    title.filter(has_text="Row 20,").wait_for()


@pytest.mark.parametrize("place", ["before", "after"])
def test_batch_norm_is_written_out_for_every_cell(tab, place):
    query = f"lesson=norm&place={place}&gamma=1.5&beta=-0.25"
    page = tab(query, path="activations").page
    features = conv2d(ASTRONAUT, KERNELS["sobel_x"].matrix, padding="same")
    if place == "before":
        normalised = batch_norm(features[None], [features.mean()], [features.var()], [1.5], [-0.25])
        activated = relu(normalised)[0]
        normalised = normalised[0]
    else:
        activated = relu(features)
        mean, variance = activated.mean(), activated.var()
        normalised = batch_norm(activated[None], [mean], [variance], [1.5], [-0.25])[0]
    step = page.locator(".panel .block", has_text="batch norm")
    for slot, x, y in ((1, 60, 50), (2, 90, 130), (3, 30, 100)):
        point(page, page.locator(f".pane[data-slot='activations.norm:{slot}'] .window"), x, y)
        shown = json.loads(page.locator(".panel").get_attribute("data-reading"))
        cell = tuple(shown["cell"])
        assert shown["normalised"] == pytest.approx(normalised[cell], rel=1e-9)
        assert shown["activated"] == pytest.approx(activated[cell], rel=1e-9, abs=1e-12)
        big, dividend, divisor, scaled = (
            step.locator(".big, .small div")
            .nth(i)
            .inner_text()
            .replace("−", "-")
            .replace("\N{NARROW NO-BREAK SPACE}", "")
            for i in range(4)
        )
        assert float(big) == pytest.approx(normalised[cell], rel=5e-4, abs=5e-4)
        given, mean, variance, whole = map(
            float,
            re.fullmatch(
                r"\((\S+) - \(?(.+?)\)?\) ÷ √\((\S+) \+ 1·10⁻⁵\) = (\S+)", f"{dividend} {divisor}"
            ).groups(),
        )
        exact = (given - mean) / math.sqrt(variance + 1e-5)
        last = 5e-4 if abs(exact) >= 0.1 else 5e-3 * abs(exact)  # three decimals, or three digits
        assert whole == pytest.approx(exact, rel=1e-3, abs=last)
        assert scaled == f"γ 1.5 × {divisor.rpartition(' ')[2]} - β 0.25"


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_mean_and_variance_are_seen_before_and_after_batch_norm(read, size):
    page = read("activations", "lesson=norm", size=size).page
    notes = page.locator(".chart .note:visible")
    assert [note.split()[0] for note in notes.all_inner_texts()] == ["mean"] * 3
    assert notes.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")


def test_the_profile_stands_below_the_maps_beside_the_arithmetic_and_within_the_window(tab):
    page = tab("lesson=edge", path="activations", size=(1280, 720)).page
    page.locator(".profile .title").filter(has_text="Row 128,").wait_for()
    profile = page.locator(".profile").bounding_box()
    panel = page.locator(".panel").bounding_box()
    row = page.get_by_role("slider", name="Row", exact=True).bounding_box()
    assert row["y"] < profile["y"]
    assert row["x"] < panel["x"]
    maps = [window.bounding_box() for window in page.locator(".block .window").all()]
    assert max(window["y"] + window["height"] for window in maps) < profile["y"]
    assert profile["x"] + profile["width"] <= panel["x"]
    assert profile["y"] + profile["height"] <= 720


def test_on_small_phones_the_numbers_of_the_family_are_whole_and_its_sliders_have_a_track(tab):
    page = tab(path="activations", size=(320, 640)).page
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        beyond, tracks = page.evaluate(
            """() => {
              const find = what => [...document.querySelectorAll("*")]
                .flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll(what) ?? [])])
                .filter(one => one.checkVisibility())
              const right = one => one.getBoundingClientRect().right
              const numbers = find(".chart p").filter(one => one.textContent)
              return [
                numbers.map(one => right(one) - right(one.closest(".chart"))),
                find(".slider [type=range]").map(one => one.clientWidth),
              ]
            }"""
        )
        assert len(beyond) > 10
        assert max(beyond) <= 1
        assert len(tracks) == 5
        assert min(tracks) > 40
