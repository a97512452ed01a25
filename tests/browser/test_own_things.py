"""Teach it your own things, in Chromium: a class, its pictures, a bar, a mistake undone."""

import numpy as np

from cnnviz.images.loading import encode_png

PHONE = (390, 844)


def bars(page):
    return page.locator(".st-key-training-own-overview .overview")


def test_a_third_class_is_named_filled_asked_for_and_a_picture_is_taken_away(tab):
    opened = tab("part=own&picture=coins", path="training")
    page = opened.page
    page.get_by_role("button", name="Add a class").click()
    name = page.get_by_role("textbox", name="Name of class 3")
    name.fill("money")
    name.press("Enter")
    page.get_by_role("radio", name="money").click()
    grey = np.random.default_rng(0).integers(0, 255, (60, 60), np.uint8)
    page.locator("[data-testid=stFileUploader] input[type=file]").first.set_input_files(
        [{"name": f"{i}.png", "mimeType": "image/png", "buffer": encode_png(grey + i)}
         for i in range(2)]
    )  # fmt: skip
    page.get_by_text("2 pictures", exact=True).wait_for()
    page.get_by_role("button", name="Add the current picture").click()
    page.get_by_text("3 pictures", exact=True).wait_for()
    page.locator("p", has_text="The current picture: money").wait_for()
    page.get_by_role("button", name="Remove this picture of money").first.click()
    page.get_by_text("2 pictures", exact=True).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("3 pictures", exact=True).wait_for()


def test_a_bar_is_clicked_to_see_what_speaks_for_its_class(tab):
    opened = tab("part=own&picture=cat", path="training")
    page = opened.page
    page.get_by_text("Evidence for cat").wait_for()
    x, y = bars(page).evaluate("element => element.placeOf(2, 0, 0, 0)")
    bars(page).locator(".sheet").click(position={"x": x, "y": y})
    page.get_by_text("Evidence for cup").wait_for()
    opened.query("speaks=0")


def test_the_part_fits_a_phone(tab):
    assert tab("part=own&picture=cat", path="training", size=PHONE).overflow() <= 0
