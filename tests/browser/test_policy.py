"""The pages in a browser that enforces the policy of their answers: a breach is an error.

Playwright waits for expressions by evaluating strings, which the policy forbids: here every wait is
for something visible.
"""

from base64 import b64encode
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import TimeoutError, expect

from scripts.browser import NO_FILM
from tests.browser.tab import WAIT, own_picture
from tests.images.pictures import FILES
from tests.test_imports import slugs

PAGES = sorted("" if slug == "first" else slug for _, slug in slugs())
WALK = Path(__file__).with_name("walk.js").read_text(encoding="utf-8")
# These have their own tests. The landscape's name ends with that of its icon. The last two lead to
# a page that the test walks separately.
ELSEWHERE = (
    *("Download", "Code", "Live camera", "Upload", "See it as a landscapeexpand_more"),
    *("Look inside", "Follow the chain rule"),
)
MOST = 2
NOT_OURS = (
    *("GL Driver", "Canvas2D"),  # Plotly draws without a graphics card here, which is slow
)
PLAYING = """async film => {
  while (!film.videoWidth || film.readyState < 3) await new Promise(requestAnimationFrame)
}"""
INJECT = """text => {
  const script = document.createElement("script")
  script.textContent = text
  document.body.append(script)
}"""

# What a spreadsheet copies for a cell: its text, as a table, and as a picture.
COPY_CELL = """async picture => {
  const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))
  await navigator.clipboard.write([new ClipboardItem({
    "text/plain": new Blob(["2"], { type: "text/plain" }),
    "text/html": new Blob(["<table><tr><td>2</td></tr></table>"], { type: "text/html" }),
    "image/png": new Blob([bytes], { type: "image/png" }),
  })])
}"""
COPY_PICTURE = """async picture => {
  const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))
  const blob = new Blob([bytes], { type: "image/png" })
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })])
}"""
# A picture of 11 MB, 2400 × 1600, with neither a file extension nor a type.
DROP = """dropzone => {
  const file = new Uint8Array(54 + 2400 * 1600 * 3).fill(128, 54), head = new DataView(file.buffer)
  head.setUint16(0, 0x424d)
  const fields = [[2, file.length], [10, 54], [14, 40], [18, 2400], [22, 1600], [26, 1 | 24 << 16]]
  for (const [at, number] of fields) head.setUint32(at, number, true)
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File([file], "IMG_1234"))
  for (const type of ["dragenter", "dragover", "drop"])
    dropzone.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
}"""


@contextmanager
def keeping(browser, *permissions):
    """Return a context that enforces the policy."""
    options = {"viewport": {"width": 1600, "height": 1000}, "permissions": [*permissions]}
    with browser.new_context(**options) as context:
        context.add_init_script(NO_FILM)
        yield context


@pytest.fixture(scope="module")
def strict(browser):
    with keeping(browser, "clipboard-read", "clipboard-write") as context:
        yield context


@pytest.fixture
def visit(lend, strict):
    """Return a function that opens a page; any later refusal or miss in the browser is an error."""
    opened = []

    def make(path="", query="", context=strict):
        opened.append(lend(context))
        opened[-1].load(query, path)
        page = opened[-1].page
        page.locator("canvas").first.wait_for()
        rest(page)
        return page

    yield make
    for tab in opened:
        tab.troubles[:] = [one for one in tab.troubles if not any(map(one.count, NOT_OURS))]


def rest(page):
    page.locator("[data-test-script-state=notRunning]").wait_for()


def test_the_policy_is_in_force(strict, address):
    page = strict.new_page()
    page.goto(address)
    ask = "address => fetch(address).then(answer => answer.text(), () => 'refused')"
    assert page.evaluate(ask, "/_stcore/health") == "ok"
    assert page.evaluate(ask, address.replace("127.0.0.1", "localhost")) == "refused"
    page.evaluate(INJECT, "window.injected = true")
    assert page.evaluate("() => window.injected") is None
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_control_of_a_page_does_what_it_should(visit, path):
    page = visit(path)
    if path == "":  # only the files and texts of the dialogs differ between pages
        take_every_file(page)
        copy_every_program(page)
    found = walk(page, around=path == "")
    assert len(found) > 15, found
    assert page.get_by_test_id("stException").count() == 0


def walk(page, *, around):
    """Use every control as people do, popovers included; return the names of the controls.

    Controls around every page are left out, unless `around` is set.
    """
    page.evaluate("() => { window.walked = new Map() }")
    found = []
    while said := page.evaluate(WALK, [ELSEWHERE, MOST, around]):
        if said == "open":
            shut(page)
        found.append(said)
    return found


def shut(page):
    """Close the popover; a run that has not ended may open it again."""
    rest(page)
    for _ in range(20):
        page.keyboard.press("Escape")
        with suppress(TimeoutError):
            return page.get_by_test_id("stPopoverBody").wait_for(state="hidden", timeout=1000)
    raise AssertionError("the popover stays open")


def take_every_file(page):
    files = opened(page, "Download").get_by_test_id("stDownloadButton").get_by_role("button")
    files.first.wait_for()
    rest(page)  # a button ignores a click while it is redrawn
    for file in files.all():
        assert taken(page, file).path().stat().st_size > 0
    close(page)


def taken(page, file):
    """Press a button of the dialog until its file comes: a click while it is redrawn is lost."""
    for _ in range(4):
        with suppress(TimeoutError):
            with page.expect_download(timeout=5000) as download:
                file.click()
            return download.value
    raise AssertionError(f"no file came of “{file.inner_text()}”")


def copy_every_program(page):
    copies = opened(page, "Code").locator("[aria-label='Copy to clipboard']")
    copies.first.wait_for(state="attached")
    rest(page)
    copies.evaluate_all("copies => copies.forEach(copy => copy.click())")
    close(page)


def opened(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    return page.get_by_role("dialog")


def close(page):
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("dialog").wait_for(state="hidden")


def test_the_lab_keeps_to_the_policy_with_a_photo_the_camera_and_a_film(visit, filming_browser):
    with keeping(filming_browser, "clipboard-write", "camera") as context:
        bring_a_photo_and_take_one(visit(context=context))


def bring_a_photo_and_take_one(page):
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": FILES["PNG"]}
    own_picture(page).set_input_files(photo)
    page.get_by_text("20 × 24").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Copied").wait_for()
    page.get_by_role("button", name="Play").click()
    own_picture(page)
    page.get_by_text("Use the camera").click()
    take_photo(page, page.get_by_role("button", name="Back to “photo.png”"))
    own = page.get_by_role("radiogroup", name="Picture").get_by_role("radio").first
    assert own.get_attribute("aria-checked") == "true"
    rest(page)


def take_photo(page, sign):
    """Press until the still has arrived.

    Streamlit restarts the camera when its place changes width; until the new film comes, a press is
    lost, although the old film still plays.
    """
    film = page.locator("[data-testid=stCameraInput] video")
    for _ in range(10):
        film.or_(sign).first.wait_for()
        if film.is_visible():
            film.evaluate(PLAYING)
            page.get_by_role("button", name="Take photo").click()
        with suppress(TimeoutError):
            return sign.wait_for(timeout=3000)
    raise AssertionError("no still came")


def test_figures_and_animations_keep_to_the_policy(visit):
    page = visit("convolution")
    dialog = opened(page, "Download")
    dialog.get_by_role("tab", name="Figure for slides").click()
    dialog.get_by_role("button", name="Save PNG").wait_for()
    rest(page)
    for name in ("Save PNG", "Save SVG"):
        file = taken(page, dialog.get_by_role("button", name=name))
        assert file.path().stat().st_size > 1000
    dialog.get_by_role("button", name="Copy as picture").click()
    dialog.get_by_text("Copied: paste it into a slide.").wait_for()
    dialog.get_by_role("tab", name="Animation").click()
    said = dialog.get_by_text("The window goes once over the input").inner_text()
    dialog.get_by_role("button", name="Make the animation").click()
    dialog.get_by_role("button", name="Save GIF").wait_for()
    rest(page)
    gif = taken(page, dialog.get_by_role("button", name="Save GIF"))
    assert gif.suggested_filename == "cnnviz.gif"
    with Image.open(gif.path()) as film:
        assert film.format == "GIF"
        assert f"{film.n_frames} frames" in said
        assert f"{film.width} × {film.height} pixels" in said


def test_paste_and_drop_keep_to_the_policy_and_one_undo_brings_the_picture_back(visit):
    page = visit()
    picture = b64encode(FILES["PNG"]).decode()
    chosen = page.get_by_role("radiogroup", name="Picture").get_by_role("radio", checked=True)
    stride = page.get_by_role("spinbutton", name="Stride").first
    page.evaluate(COPY_CELL, picture)
    stride.fill("")
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")
    page.get_by_text("128 × 128").first.wait_for()  # stride 2 instead of 1, over 256 × 256
    page.keyboard.press("Tab")
    page.evaluate(COPY_PICTURE, picture)
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Control+V")
    page.get_by_text("20 × 24").first.wait_for()
    expect(chosen).to_have_attribute("title", "Pasted picture", timeout=WAIT)
    undo(page, chosen, "Astronaut")
    own_picture(page)
    page.get_by_test_id("stPopoverBody").get_by_test_id("stFileUploaderDropzone").evaluate(DROP)
    expect(chosen).to_have_attribute("title", "IMG_1234", timeout=WAIT)
    undo(page, chosen, "Astronaut")
    assert stride.input_value() == "2"


def undo(page, chosen, title):
    rest(page)
    page.get_by_role("button", name=f"Back to “{title}”").click()
    expect(chosen).to_have_attribute("title", title, timeout=WAIT)


def test_the_landscape_opens_on_demand_and_keeps_to_the_policy(visit):
    page = visit("kernels", "part=one")
    assert page.locator(".js-plotly-plot").count() == 0
    page.get_by_role("button", name="See it as a landscape").click()
    page.locator(".js-plotly-plot canvas").first.wait_for(timeout=60_000)  # drawn in software
    rest(page)
