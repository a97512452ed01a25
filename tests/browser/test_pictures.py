import json
from base64 import b64encode

import numpy as np
import pytest
from playwright.sync_api import expect

from cnnviz import KERNELS, conv2d
from cnnviz.images.loading import MAX_BYTES
from tests.browser.tab import own_picture
from tests.images.pictures import FILES, encoded, noise

PASTE = """picture => {
  const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))
  const clipboardData = new DataTransfer()
  clipboardData.items.add(new File([bytes], "shot.png", { type: "image/png" }))
  const target = document.activeElement ?? document.body
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }))
}"""
CELLS = r"""picture => {
  const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", "1\t2")
  clipboardData.setData("text/html", "<table><tr><td>1</td><td>2</td></tr></table>")
  clipboardData.items.add(new File([bytes], "cells.png", { type: "image/png" }))
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }))
}"""


LONG = f"{'a long name ' * 9}.png"
PAGES = "pixels convolution kernels geometry activations pooling layers training inside"
SEEN = "film page: page:" + PAGES.replace(" ", " page:")
ON_TOP = """picture => {
  const { x, y, width, height } = picture.getBoundingClientRect()
  return picture.contains(picture.getRootNode().elementFromPoint(x + width / 2, y + height / 2))
}"""
COVERED = """() => [...document.querySelectorAll("[data-testid=stTopNav] .rc-overflow-item")]
  .filter(name => {
    const { x, y, width, height } = name.getBoundingClientRect()
    const isOnTop = at => name.contains(document.elementFromPoint(at, y + height / 2))
    const isShown = width && getComputedStyle(name).opacity > 0
    return isShown && !(isOnTop(x + 2) && isOnTop(x + width - 2))
  }).map(name => name.innerText)"""


def upload(page, data, name="photo.png"):
    own_picture(page.page).set_input_files({"name": name, "mimeType": "image/png", "buffer": data})


def own_photo(page):
    """Return the first thumbnail, which is the user's own photo if there is one."""
    return page.page.get_by_role("radiogroup", name="Picture").get_by_role("radio").first


def test_an_uploaded_photo_is_on_screen_and_in_the_picker_until_another_one_can_be_read(tab):
    page = tab()
    page.change(lambda: upload(page, FILES["PNG"]))
    page.shows("20 × 24")
    page.query("photo=on")
    page.change(lambda: page.page.get_by_role("radio", name="Letter X").click())
    page.shows("9 × 9")
    page.change(lambda: own_photo(page).click())
    page.shows("20 × 24")
    for form in [*FILES][1::4]:  # a test without a browser reads each format
        upload(page, FILES[form], f"photo.{form}")
        page.settles(lambda: own_photo(page).get_attribute("title"), f"photo.{form}")
        page.settles(lambda: own_photo(page).get_attribute("aria-checked"), "true")
        page.shows("20 × 24")
    page.stands_still()
    before = page.figures()
    upload(page, b"I am no picture")
    page.page.get_by_text("This file is not a picture we can read").first.wait_for()
    assert page.figures() == before


@pytest.mark.parametrize("path", ["", "activations", "kernels?part=one"])
def test_an_own_photo_opens_on_its_strongest_cell(tab, path):
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[30, 41:] = 200  # one edge from dark to bright, in one row
    path, _, query = path.partition("?")
    opened = tab(query, path=path)
    opened.change(lambda: upload(opened, encoded(pixels, "PNG")))
    responses = conv2d(pixels[..., 0].astype(float), KERNELS["sobel_x"].matrix, padding="same")
    strongest = [int(at) for at in np.unravel_index(responses.argmax(), responses.shape)]

    def cell():
        return json.loads(opened.page.locator(".panel[data-reading]").get_attribute("data-reading"))

    opened.settles(lambda: cell()["cell"], strongest)
    assert cell()["features"] != 0


def test_the_pictures_leave_the_names_of_the_pages_their_room(tab):
    opened = tab()
    page = opened.page
    page.evaluate("seen => { localStorage['cnnviz.seen'] = seen }", SEEN)
    opened.open()
    # No photo; a photo, then back to a sample; another photo, then back to that one.
    for height, name in ((None, ""), (20, "photo.png"), (21, LONG), (22, "photo.png")):
        if height:
            photo = encoded(noise(height), "PNG")
            opened.change(lambda photo=photo, name=name: upload(opened, photo, name))
        pictures = page.get_by_role("radiogroup", name="Picture")
        chosen = pictures.get_by_role("radio", checked=True)
        for width in (940, 1100, 1280, 1440, 1600, 1920):
            page.set_viewport_size({"width": width, "height": 720})
            opened.settles(lambda: page.evaluate(COVERED), [])
            opened.settles(lambda chosen=chosen: chosen.evaluate(ON_TOP), True)


def test_beside_a_picture_wider_than_high_the_names_of_the_kernels_are_in_sight(tab):
    page = tab("picture=coffee", size=(1280, 720)).page
    player = page.get_by_role("button", name="Play").bounding_box()
    for name in ("Sobel x", "Gaussian"):
        card = page.locator(".strip .card", has=page.get_by_text(name, exact=True)).bounding_box()
        assert card["y"] + card["height"] <= player["y"]


def test_arrow_keys_go_on_where_only_the_present_picture_is_shown(tab):
    page = tab(size=(1280, 720))
    page.page.get_by_role("radio", name="Astronaut").focus()
    for title in ("Photographer", "Cat"):
        page.change(lambda: page.page.keyboard.press("ArrowRight"))
        expect(page.page.get_by_role("radio", name=title, checked=True)).to_be_focused()


def test_a_pasted_file_that_is_no_picture_gets_one_sentence_and_a_picture_is_on_screen(tab):
    page = tab()
    page.page.evaluate(PASTE, b64encode(b"I am no picture").decode())
    page.page.get_by_text("choose another one").wait_for()
    assert len(page.figures()) == 4
    picture = b64encode(FILES["PNG"]).decode()
    page.change(lambda: page.page.evaluate(PASTE, picture))
    page.shows("20 × 24")
    page.settles(lambda: own_photo(page).get_attribute("title"), "Pasted picture")


def test_a_focused_field_takes_the_paste_and_cells_of_a_spreadsheet_are_no_picture(tab):
    page = tab()
    picture = b64encode(FILES["PNG"]).decode()
    before = page.figures()
    page.page.get_by_role("spinbutton", name="Stride").first.focus()
    page.page.evaluate(PASTE, picture)
    page.page.evaluate("() => document.activeElement.blur()")
    page.page.evaluate(CELLS, picture)
    page.change(lambda: page.page.get_by_role("radio", name="Letter X").click())
    assert page.page.get_by_title("Pasted picture").count() == 0
    page.change(lambda: page.page.get_by_role("button", name="Back to “").click())
    assert page.figures() == before


def test_a_photo_above_the_limit_is_shrunk_in_the_browser(tab, tmp_path):
    page = tab()
    large = tmp_path / "huge.png"  # Chromium reads it; bytes would go through three programs
    large.write_bytes(encoded(noise(2400, 1800, seed=1), "PNG"))
    assert large.stat().st_size > MAX_BYTES
    uploader = own_picture(page.page)
    offer = page.page.get_by_test_id("stPopoverBody")
    expect(offer).to_contain_text("shrinks photos above 10\N{NO-BREAK SPACE}MB")
    expect(offer.get_by_text("per file")).to_be_hidden()  # nothing says that it is too large
    expect(offer.get_by_text("up to 10")).to_have_count(0)
    page.change(lambda: uploader.set_input_files(large))
    page.settles(lambda: own_photo(page).get_attribute("title"), "huge.png")
    page.shows("256 × 192")


def test_a_large_file_that_no_browser_reads_gets_our_sentence(tab, tmp_path):
    page = tab()
    before = page.figures()
    film = tmp_path / "film.mov"
    film.write_bytes(b"no picture " * 2**20)
    own_picture(page.page).set_input_files(film)
    page.page.get_by_test_id("stToast").wait_for(state="attached")
    said = page.page.get_by_text("at most 10 MB can be sent").filter(visible=True)
    expect(said).to_have_count(1)  # in the picker, and not in a toast over it as well
    expect(page.page.get_by_test_id("stPopoverBody")).to_contain_text("at most 10 MB can be sent")
    assert page.figures() == before


def test_the_camera_can_be_switched_on_and_off_where_there_is_none(tab):
    page = tab()
    before = page.figures()
    own_picture(page.page)
    for state in ("true", "false"):
        page.page.get_by_text("Use the camera").click()
        switch = page.page.get_by_role("switch", name="Use the camera")
        page.page.wait_for_function(
            "([e, state]) => String(e.ariaChecked ?? e.checked) === state",
            arg=[switch.element_handle(), state],
        )
        page.page.locator("[data-test-script-state=notRunning]").wait_for()
    assert page.figures() == before
    page.change(lambda: page.page.get_by_role("radio", name="Letter O").click())
