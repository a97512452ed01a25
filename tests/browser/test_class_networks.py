"""A class on the network pages: its maps can be asked about, and are hidden meanwhile."""

import json

import pytest

from tests.browser.lesson import PHONE, Lesson, again, answers, number, shown

# For each overview: the value of the selected cell as written, and the first hidden row.
OVERVIEWS = """() => {
  const walk = root => [...root.querySelectorAll("*")].flatMap(one =>
    [one, ...(one.shadowRoot ? walk(one.shadowRoot) : [])])
  return walk(document).filter(one => one.matches(".overview")).map(one => ({
    value: one.querySelector(".reading .value")?.textContent ?? "", cell: one.dataset.cell,
    covered: one.dataset.covered, visible: getComputedStyle(one).visibility === "visible",
  }))
}"""


@pytest.fixture
def lesson(contexts, address):
    made = []

    def make(query, path):
        made.append(Lesson(contexts, address, query, path))
        return made[-1]

    yield make
    for one in made:
        one.end()


def joined(led):
    """Return a follower of a class."""
    return led.join(PHONE, "light", following="() => document.documentElement.dataset.step > 0")


def values(tab):
    return [one["value"] for one in tab.page.evaluate(OVERVIEWS) if one["value"]]


def cells(tab):
    return [json.loads(one["cell"]) for one in tab.page.evaluate(OVERVIEWS) if one["cell"]]


def covered(tab):
    return sorted(one["covered"] for one in tab.page.evaluate(OVERVIEWS))


def test_the_cell_that_is_opened_on_layers_is_asked_for_and_hidden_until_it_is_answered(lesson):
    led = lesson("picture=camera&open=conv2,3,20,30", "layers")
    phone = joined(led)
    led.page.locator(".st-key-opened canvas").first.wait_for()
    led.teacher.settles(lambda: len(values(led.teacher)), 1)
    (told,) = values(led.teacher)
    with led.panel() as panel:
        led.teacher.settles(lambda: panel.get_by_label("Row").input_value(), "20")
        assert (
            panel.get_by_label("Map", exact=True).locator("option:checked").inner_text()
            == "conv2 · map 3"
        )
        panel.get_by_role("button", name="Ask", exact=True).click()
        for tab in (led.teacher, phone):
            tab.page.bring_to_front()
            # Five or more rows: those from conv2 on, and the large map.
            tab.settles(lambda tab=tab: covered(tab), ["1", "3"])
            assert told not in tab.page.locator("body").inner_text()
        answers(phone, lambda page: number(page, told))
        shown(led, panel, phone)
        phone.page.get_by_text("Yours was right.").wait_for()
        led.teacher.settles(lambda: covered(led.teacher), ["", ""])

        again(panel, "A place")
        panel.get_by_role("button", name="Ask", exact=True).click()
        answers(phone, lambda page: page.locator(".taps").click(position={"x": 20, "y": 20}))
        shown(led, panel, phone)
        panel.get_by_text("Strongest at row").wait_for()

        again(panel, "A number")
        panel.get_by_label("Map", exact=True).select_option(label="conv1")
        panel.get_by_label("Row").fill("7")
        panel.get_by_label("Column").fill("9")
        panel.get_by_label("Your words").fill("How bright?")
        panel.get_by_role("button", name="Ask", exact=True).click()
        asked = {"layer": 1, "channel": 0, "row": 7, "column": 9}  # it is marked
        led.teacher.settles(lambda: asked in cells(led.teacher), True)
        panel.get_by_text("click a cell of the map to open it").wait_for()
        assert panel.get_by_label("Your words").input_value() == "How bright?"
        panel.get_by_role("button", name="A kernel").click()
        assert not panel.get_by_text("click a cell of the map to open it").is_visible()
        assert (
            panel.get_by_role("alert").inner_text().startswith("No map here is made from a picture")
        )


@pytest.mark.parametrize(
    ("path", "query", "asked"),
    [("inside", "", ["Saliency", "conv1"]), ("training", "part=network", ["conv1"]),
     ("training", "part=kernel", ["Target map"])],
)  # fmt: skip
def test_where_a_map_is_strongest_can_be_asked_on_inside_and_training(lesson, path, query, asked):
    led = lesson(query, path)
    phone = joined(led)
    with led.panel() as panel:
        for title in asked:
            panel.get_by_role("button", name="A place").click()
            offered = panel.get_by_label("Map", exact=True)
            offered.select_option(label=title)
            titles = offered.locator("option").all_inner_texts()
            not_pictures = {"Target kernel", "Filters of conv1", "softmax1"}
            assert not not_pictures & set(titles)
            panel.get_by_role("button", name="Ask", exact=True).click()
            answers(phone, lambda page: page.locator(".taps").click(position={"x": 20, "y": 20}))
            shown(led, panel, phone)
            panel.get_by_text("Strongest at row").wait_for()
            panel.get_by_role("button", name="Next question").click()


def test_for_the_photo_network_the_first_drawn_map_is_offered(lesson):
    led = lesson("network=photos&picture=cat", "inside")
    with led.panel() as panel:
        panel.get_by_role("button", name="A place").click()
        assert panel.get_by_label("Number of the map").input_value() != "0"  # not the strongest map
        panel.get_by_role("button", name="Ask", exact=True).click()
        panel.get_by_text("click a cell of the map to open it").wait_for()
