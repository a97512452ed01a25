"""Windows' high contrast removes a page's colours: the information in them must remain."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.browser.tab import Tab


@pytest.fixture(scope="module")
def contrast(browser, address):
    """Return a function that opens a page in forced colours, in one tab for all tests."""
    with browser.new_context(
        viewport={"width": 1600, "height": 1000}, forced_colors="active", bypass_csp=True
    ) as context:
        tab = Tab(context, address)
        yield lambda path="", query="": tab.open(query, path).page
        assert tab.troubles == []


def pixels(element):
    """Return the pixels of an element, (H, W, 3)."""
    element.scroll_into_view_if_needed()
    png = element.screenshot(animations="disabled")
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def ground(element):
    """Return the colour just inside the left edge of an element, where there is no text."""
    drawn = pixels(element)
    return tuple(drawn[len(drawn) // 2, 4])


def is_coloured(drawn):
    return bool((np.ptp(drawn, axis=-1) > 40).any())


def test_the_track_of_a_slider_can_be_seen_along_its_whole_length(contrast):
    drawn = pixels(contrast().get_by_role("slider", name="Bias", exact=True))
    middle, page = drawn[len(drawn) // 2], drawn[0, 0]
    assert (abs(middle - page).sum(axis=1) > 60).mean() > 0.85  # the thumb is hollow


def test_the_control_with_the_keyboard_focus_has_a_ring(contrast):
    page = contrast()
    switch = page.get_by_role("switch", name="Several at once")
    controls = {
        page.get_by_role("button", name="Tasks", exact=True): None,
        page.get_by_role("button", name="Tour", exact=True): None,
        page.get_by_role("spinbutton", name="Dilation", exact=True): None,
        page.get_by_role("spinbutton", name="Bias", exact=True): None,
        switch: page.locator("label").filter(has=switch),  # what is drawn of it
    }
    page.keyboard.press("Tab")  # the focus is shown to those who use the keyboard
    for control, drawn in controls.items():
        control.focus()
        ring = (drawn or control).evaluate("one => getComputedStyle(one).outlineStyle")
        assert ring == "dashed", control


def test_a_chosen_option_is_marked(contrast):
    page = contrast()
    for names in (("Grey", "Colour"), ("ReLU", "Sigmoid"), ("Max", "Average")):
        chosen, other = (
            page.locator("[data-testid=stButtonGroup] button").filter(has_text=name).first
            for name in names
        )
        assert ground(chosen) != ground(other)
    buttons = contrast("pooling").locator("[class*=st-key-presets] button")
    chosen, other = (buttons.filter(has_text=name) for name in ("Halve", "Overlap"))
    assert ground(chosen) != ground(other)


def test_a_switch_shows_where_it_stands(contrast):
    page = contrast("inside", "show=example")
    switch = page.locator("[data-testid=stCheckbox] label").filter(has_text="Only the mistakes")
    track = switch.locator("span + div").first
    off = pixels(track)
    assert len(np.unique(off.reshape(-1, 3), axis=0)) > 1  # more than an empty area
    switch.click()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.mouse.move(1, 999)
    assert abs(pixels(track) - off).mean() > 20


def test_the_numbers_of_a_kernel_and_the_scale_of_a_map_keep_their_colours(contrast):
    page = contrast()
    assert is_coloured(pixels(page.locator(".panel .grid").nth(1)))
    assert is_coloured(pixels(page.locator(".legend .bar").nth(1)))
    page = contrast("training")
    page.get_by_role("button", name="Change its numbers").click()
    page.get_by_role("button", name="Numbers …").click()
    assert is_coloured(pixels(page.get_by_role("gridcell").first))
