"""Present: only the stages of a page, in large letters; test_every_page.py covers every page."""

from tests.browser.projector import PROJECTOR, opened


def test_the_maps_and_their_arithmetic_fill_the_screen(presented):
    page = presented("")
    page.locator(".panel .cell").first.wait_for()
    for name in ("pictures", "stage-controls > *"):
        assert not page.locator(f".st-key-{name}").first.is_visible()
    box = page.locator(".st-key-lab-maps .sheet").bounding_box()
    assert box["y"] + box["height"] <= PROJECTOR[1]
    assert page.locator(".window").count() == 4


def test_a_button_ends_it_and_keys_that_are_typed_do_not_begin_it(read):
    page = opened(read, "", PROJECTOR)
    page.keyboard.press("p")
    page.get_by_role("button", name="Stop presenting").click()
    page.locator("[data-testid=stHeader]").wait_for()
    page.get_by_role("spinbutton", name="Stride").first.focus()
    page.keyboard.press("p")
    assert page.locator("[data-testid=stHeader]").is_visible()
