"""Present: only the stages of a page, in large letters; test_every_page.py covers every page."""

from tests.browser.projector import PROJECTOR, TEXTS, opened

# Whether a table begins at the left and no column of it is cut off.
WHOLE = "one => one.scrollWidth <= one.clientWidth && one.getBoundingClientRect().left < 40"


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


def test_a_network_in_training_is_presented_with_its_curves_filters_and_answers(presented):
    page = presented("training", "part=network")
    page.get_by_role("button", name="Start").wait_for()
    for heading in ("Filters", "Predicted and true classes", "Maps of one picture"):
        page.get_by_role("heading", name=heading).wait_for()
    assert [text for text in page.evaluate(TEXTS) if text["size"] < 16] == []


def test_the_table_of_weights_is_presented_whole_and_without_the_room_of_its_settings(tab):
    shown = tab(path="pixels", size=PROJECTOR)
    page = shown.page
    page.get_by_text("Why not dense?").click()
    table = page.locator(".counted .table")
    table.wait_for()
    page.keyboard.press("p")
    page.locator("[data-testid=stHeader]").wait_for(state="hidden")
    shown.settles(lambda: table.evaluate(WHOLE), True)
    page.keyboard.press("p")


def test_a_cell_that_is_taken_apart_is_presented_with_its_arithmetic(presented):
    page = presented("layers", "open=conv2,3,40,40")
    page.get_by_role("heading", name="conv2, map 3, row 40, column 40").wait_for()
    page.get_by_text("channel 0").wait_for()
    cards = page.locator(".st-key-opened .unit .cards")
    assert cards.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert [text for text in page.evaluate(TEXTS) if text["size"] < 16] == []
