"""The Inside page in Chromium: trace a unit, open it, find mistakes, open a network."""

import json
import re

import pytest

from cnnviz.nn import pretrained, small_cnn
from tests.browser.pen import ONE, STROKES, draw, says
from tests.nn.formats.npz_files import saved


def overview(page):
    return page.locator(".st-key-inside-overview .overview")


def over(page, layer, channel, row, column):
    """Return the position of an overview cell in its sheet."""
    x, y = overview(page).evaluate(
        "(element, cell) => element.placeOf(...cell)", [layer, channel, row, column]
    )
    return {"x": x, "y": y}


def point(page, cell):
    """Move the mouse over a cell of the overview, and wait for the redraw."""
    overview(page).locator(".sheet").hover(position=over(page, *cell))
    page.evaluate("() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")


def field(page):
    """Return the rows and columns of the input that the cell under the mouse sees."""
    seen = json.loads(overview(page).get_attribute("data-field"))
    return [seen["rows"], seen["columns"]]


def numbers(text):
    """Read all numbers in a line, with their signs."""
    found = re.findall(r"[−+]? ?\d+(?:\.\d+)?", text)
    return [float(each.replace("−", "-").replace(" ", "")) for each in found]


def npz(network):
    return {"name": "network.npz", "mimeType": "application/zip", "buffer": saved(network)}


def test_a_unit_is_traced_back_to_the_input(read):
    page = read("inside", "show=example").page
    row = pretrained("digits").summary()[3]  # conv2
    windows = [f.window(cell) for f, cell in zip(row.fields, (1, 2), strict=True)]
    inside = [[max(first, 0), min(last, 7)] for first, last in windows]
    point(page, (4, 3, 1, 2))
    assert field(page) == inside
    point(page, (8, 4, 0, 0))  # a score sees everything
    assert field(page) == [[0, 7], [0, 7]]


def test_a_unit_that_is_clicked_opens_with_a_sum_that_adds_up_as_it_is_written(tab):
    opened = tab("show=example", path="inside")
    page = opened.page
    overview(page).locator(".sheet").click(position=over(page, 8, 2, 0, 0))  # the score of 2
    page.locator(".st-key-opened h2", has_text="linear1, number 2").wait_for()
    opened.query("open=linear1,2,0,0")
    told = page.locator(".st-key-opened .unit")
    told.locator("tr").first.wait_for()
    products = [row[-1] for row in map(numbers, told.locator("tr").all_inner_texts()[1:])]
    (total,) = numbers(told.locator(".sum b").first.inner_text())
    assert len(products) > 3
    assert round(sum(products), 6) == pytest.approx(total, abs=1e-9)
    page.get_by_role("button", name="Close").click()
    page.locator(".st-key-opened .unit").wait_for(state="detached")


def test_a_convolution_that_is_opened_adds_up_as_it_is_written(tab):
    page = tab("open=conv2,5,1,2", path="inside").page
    told = page.locator(".st-key-opened .unit")
    told.locator(".card").first.wait_for()
    parts = [numbers(text)[0] for text in told.locator(".card .part").all_inner_texts()]
    text = told.locator(".sum").inner_text()
    assert not re.search("[−+] ", text)  # no line ends between a sign and its number
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    (bias,) = re.findall(r"([−+] [\d.]+) bias", text)
    total = numbers(told.locator(".sum b").first.inner_text())[0]
    assert len(parts) == 16
    assert sum(parts) + numbers(bias)[0] == pytest.approx(total, abs=1e-9)
    assert "rounded" in told.inner_text()
    # nothing that goes into it is below 0, so its windows are grey, as the maps they are cut from
    inside = told.locator(".card .block:first-child .cell:not(.padded)")
    shades = inside.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert all(len({*re.findall(r"\d+", shade)}) == 1 for shade in shades)


def test_the_exponentials_and_the_shares_add_up_as_they_are_written(read):
    page = read("inside", "show=example").page
    page.locator(".st-key-inside-softmax tr").first.wait_for()
    rows = page.locator(".st-key-inside-softmax tr").all_inner_texts()
    *lines, last = [numbers(row.replace("\t", "  ;  ")) for row in rows[1:]]
    assert len(lines) == 10
    assert sum(line[2] for line in lines) == pytest.approx(last[0], abs=1e-9)
    assert sum(line[3] for line in lines) == pytest.approx(1, abs=1e-9)


def test_a_mistake_is_chosen_and_called_one(tab):
    opened = tab("show=example", path="inside")
    page = opened.page
    page.get_by_text("Only the mistakes").click()
    cards = page.locator(".examples button:not(.right)")
    cards.nth(4).wait_for()
    assert cards.count() == 5
    cards.nth(1).click()
    page.get_by_text("That is wrong: it is").wait_for()
    opened.query("example=")


SCROLLED = """async () => {
  const place = document.querySelector("[data-testid=stMain]")
  const before = place.scrollTop
  await new Promise(requestAnimationFrame)
  await new Promise(requestAnimationFrame)
  return before > 0 && place.scrollTop === before
}"""


def test_another_class_and_another_network_change_the_evidence(tab):
    opened = tab("show=example", path="inside")
    page = opened.page
    page.get_by_role("heading", name="Evidence for").hover()  # scrolling the page closes a list
    opened.settles(lambda: page.evaluate(SCROLLED), True)
    page.get_by_role("combobox", name="Class").click()
    page.get_by_role("option", name="7", exact=True).click()
    page.get_by_role("heading", name="Evidence for 7").wait_for()
    opened.query("class=7")
    page.get_by_text("Shapes", exact=True).click()
    opened.shows("16 × 16")
    page.get_by_role("heading", name=re.compile("Evidence for (circle|square|cross)")).wait_for()


def test_a_file_is_opened_and_a_bad_one_is_refused(tab):
    opened = tab("network=file", path="inside")
    page = opened.page
    page.get_by_text("No file is open yet.").wait_for()
    chooser = page.locator("[data-testid=stMain] input[type=file]")
    bad = {"name": "bad.npz", "mimeType": "application/zip", "buffer": b"PK\x03\x04 no archive"}
    chooser.set_input_files(bad)
    page.get_by_test_id("stToast").get_by_text("This file cannot be opened.").wait_for()
    page.locator("[data-testid=stMain] input[type=file]").set_input_files(
        npz(small_cnn((1, 12, 12), ("yes", "no")))
    )
    page.get_by_text("The app does not know what this network was trained on").first.wait_for()
    page.get_by_test_id("stAlert").get_by_text("cannot be opened").wait_for(state="detached")
    draw(page, ONE)
    says(page, "(yes|no)")


def test_a_photo_is_said_to_be_no_digit(tab):
    page = tab("show=picture", path="inside").page
    page.get_by_text("A photo is not one of the handwritten digits").wait_for()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_the_input_of_the_network_is_on_the_first_screen(tab, size):
    page = tab("show=picture", path="inside", size=size).page
    sheet = page.locator(".st-key-inside-overview .sheet").bounding_box()
    last = over(page, 0, 0, 7, 7)  # of the 8 × 8 input
    assert 0 < sheet["y"] + last["y"] < size[1]
    assert 0 < sheet["x"] + last["x"] < size[0]


def test_every_choice_of_the_first_screen_can_be_seen(read):
    page = read("inside", "show=example").page
    for name in (
        "Digits",
        "Shapes",
        "My network",
        "Load a file",
        "Example",
        "Draw",
        "Your picture",
    ):
        button = page.get_by_role("radio", name=name, exact=True)
        box = button.bounding_box()
        seen = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.innerText",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert seen == name


def test_nothing_is_wider_than_the_screen(tab):
    opened = tab(f"show=drawing&drawing={STROKES}&open=conv2,5,1,2", path="inside")
    opened.shows("8 × 8")
    opened.fits()
