"""Inside, with the network that knows photos, in Chromium: choose it, page, point, open a map."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnnviz import nn
from cnnviz.images.colour_maps import symmetric_limits, to_index
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.photos import photo_input
from cnnviz.nn.inspection.photos import square as square_of
from tests.browser.test_inside_page import draw, field, over, overview, point

PHONE = (390, 844)
CHANGED = re.compile("^It (still says|said) ")
CAT = "network=photos&picture=cat"


def stage(name):
    """Return the maps of a layer for the middle of the cat."""
    photos = nn.pretrained("photos")
    front = photos[: photos.names.index(name) + 1]
    return front.forward(photo_input(SAMPLES["cat"].load())[None])[0]


def colour_of(page, row, column):
    """Return the colour of a cell of the opened map."""
    large = page.locator(".st-key-inside-large .overview")
    x, y = large.evaluate("(element, cell) => element.placeOf(...cell)", [1, 0, row, column])
    png = large.locator("canvas.maps").evaluate("canvas => canvas.toDataURL()").partition(",")[2]
    pixels = np.asarray(Image.open(BytesIO(b64decode(png))))
    return pixels[round(y), round(x), :3].tolist()


def strip_of(page, name):
    """Return the index of the layer with that heading."""
    return overview(page).locator(".head .title").all_inner_texts().index(name)


def test_the_network_is_chosen_with_a_click_and_begins_with_a_photo_that_it_knows(tab):
    opened = tab(path="inside")
    opened.page.get_by_role("radio", name="Photos").click()
    opened.page.locator("p", has_text=re.compile(r"^It says espresso, 99\s%")).wait_for()
    opened.query("network=photos")
    opened.query("picture=coffee")


def test_the_square_that_goes_in_is_dragged_or_moved_with_keys(tab):
    opened = tab("network=photos&picture=cat&part=50", path="inside")
    page = opened.page
    square = page.get_by_role("slider", name="Where the square lies")
    at = square.bounding_box()
    middle = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    answer = page.locator("p", has_text=re.compile("^It says "))
    before = answer.inner_text()
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 600, middle[1] + 600, steps=4)
    page.mouse.up()
    opened.query("across=0")
    opened.query("down=100")
    opened.settles(lambda: answer.inner_text() != before, True)
    cut = square_of(SAMPLES["cat"].load().shape[:2], across=0.0, down=1.0, part=0.5)
    image = photo_input(SAMPLES["cat"].load(), cut)
    share = nn.pretrained("photos").forward(image[None])[0].max()
    assert f"{100 * share:.0f}\N{NO-BREAK SPACE}%" in answer.inner_text()
    square.press("ArrowRight")
    square.press("Shift+ArrowUp")
    opened.query("across=1")
    opened.query("down=90")


def test_a_map_that_is_clicked_opens_with_its_sum_and_lies_over_the_photo_if_wanted(tab):
    opened = tab(CAT, path="inside")
    page, maps = opened.page, stage("fire5")
    strongest = int(maps.mean(axis=(1, 2)).argmax())
    cell = (strip_of(page, "fire5 expand + ReLU"), strongest, 13, 12)
    point(page, cell)
    # of 63 × 63 pixels in steps of 8, the first beginning 24 above the photo
    assert field(page) == [[13 * 8 - 24, 13 * 8 + 38], [12 * 8 - 24, 12 * 8 + 38]]
    overview(page).locator(".sheet").click(position=over(page, *cell))
    opened.query(f"open=fire5,{strongest},13,12")
    results = page.locator(".unit .sum b")
    opened.settles(results.count, 2)
    told = float(results.last.inner_text().replace("−", "-"))
    assert told == pytest.approx(maps[strongest, 13, 12], rel=1e-3)
    page.get_by_text("Over the photo").click()
    opened.query("over=off")
    limit = symmetric_limits(maps[strongest], 99.5)
    grey = int(to_index(maps[strongest], 0, limit)[4, 20])
    opened.settles(lambda: colour_of(page, 4, 20), [grey] * 3)


def test_the_weaker_maps_come_with_the_stepper(tab):
    opened = tab(CAT, path="inside")
    page = opened.page
    places = page.get_by_role("spinbutton", name="Start at rank")
    places.fill("504")
    places.press("Enter")
    opened.query("rank=504")
    weakest = int(np.argsort(-stage("fire9").mean(axis=(1, 2)), kind="stable")[-1])

    def read():
        point(page, (strip_of(page, "fire9 expand + ReLU"), weakest, 6, 6))
        return overview(page).locator(".reading strong").inner_text()

    opened.settles(read, f"fire9 expand + ReLU · map {weakest} · row 6, column 6")
    opened.fits((PHONE,), ("light",))


def test_a_class_is_searched_for_and_patches_are_covered_until_the_photo_is_done_with(tab):
    opened = tab(f"{CAT}&view=evidence", path="inside")
    page = opened.page
    page.get_by_text(re.compile("^16 of 336 patches")).wait_for()  # the coarse ones, unasked
    page.get_by_role("combobox", name="Class").fill("tabby")
    page.get_by_role("option", name="tabby cat").click()
    opened.query("class=281")
    mean = float(stage("relu10")[281].mean())
    page.get_by_text(f"their mean is its score, {mean:.3f}").wait_for()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text(re.compile(r"^(2[4-9]|[3-9]\d) of 336 patches")).wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on").wait_for()
    opened.shows("8 × 8")  # the finer grid; the coarser one fills its other patches
    opened.fits((PHONE,), ("light",))


def test_the_answer_tips_over_as_the_noise_gets_stronger(tab):
    opened = tab(f"{CAT}&view=fool&epsilon=0", path="inside")
    page = opened.page
    page.locator("p", has_text="It still says Egyptian cat").wait_for()
    noise = opened.slider("Noise")
    noise.focus()
    for _ in range(12):
        noise.press("ArrowRight")
    opened.query("epsilon=3")
    page.locator("p", has_text="You can hardly see a difference").wait_for()
    opened.fits((PHONE,), ("light",))


def test_a_picture_grows_for_a_unit_and_stops_when_it_is_told_to(tab):
    opened = tab(f"{CAT}&view=unit&unit_layer=fire2&unit=3", path="inside")
    page = opened.page
    page.get_by_text(re.compile(r"^Step ([3-9]|\d\d) of 48 · response")).wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on").wait_for()
    page.get_by_text(re.compile("^Your picture: ")).wait_for()
    opened.fits((PHONE,), ("light",))


def test_a_part_of_the_photo_is_painted_over_and_maps_are_silenced(tab):
    opened = tab(f"{CAT}&view=what_if", path="inside")
    page = opened.page
    page.get_by_text("Silence maps or paint over").wait_for()
    draw(page, [(0.1, 0.45), (0.9, 0.45)])  # across the eyes
    opened.query("paint=d")
    page.get_by_text(CHANGED).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Silence maps or paint over").wait_for()
    page.get_by_role("button", name="The 8 strongest").click()
    opened.query("channels=")
    page.get_by_text(CHANGED).wait_for()
    opened.fits((PHONE,), ("light",))
