import io
import zipfile

import numpy as np

from tests.browser.tab import own_picture
from tests.images.pictures import encoded, noise

SETTINGS = (
    "picture=coins&size=128&colour=colour&values=1&kernels=gabor,own&own=1 0;0 -1&gabor.angle=30"
    "&padding=sides&pad_top=3&mode=reflect&stride=2&bias_1=0.25&activation=elu&elu.alpha=2"
    "&pooling=average&window=3&scale=each&table=grey"
)


def test_a_link_restores_the_screen_for_another_user(tab):
    mine = tab(SETTINGS)
    mine.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mine.page.get_by_role("button", name="Copy link").click()
    mine.page.get_by_text("Copied").wait_for()
    link = mine.page.evaluate("navigator.clipboard.readText()")
    theirs = tab(link.partition("?")[2], theme="dark")  # in another context
    assert theirs.figures() == mine.figures()
    assert len(theirs.figures()) == 1 + 2 * 3
    mine_query, their_query = (
        page.page.evaluate("[...new URLSearchParams(location.search)].sort()")
        for page in (mine, theirs)
    )
    assert their_query == mine_query


def test_a_link_with_nonsense_says_so_and_shows_the_rest(tab):
    page = tab("stride=banana&picture=x")
    page.page.get_by_text("stride=banana").first.wait_for()
    page.shows("9 × 9 · 0 … 255")


def test_a_link_to_another_users_photo_says_so(tab):
    page = tab("photo=on&picture=x")
    page.page.get_by_text("which a link cannot carry").wait_for()
    page.shows("9 × 9 · 0 … 255")


def download(page, label):
    with page.expect_download() as expected:
        page.get_by_role("button", name=label).click()
    return expected.value.path().read_bytes()


def test_all_maps_can_be_taken_home_as_a_zip(tab):
    page = tab("picture=x").page
    page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(io.BytesIO(download(page, "All maps as ZIP"))) as folder:
        names = folder.namelist()
        x = np.load(io.BytesIO(folder.read("input.npy")))
    assert x.shape == (9, 9)
    assert sum(name.endswith(".png") for name in names) == 4


def test_a_map_can_be_taken_home_as_a_picture(tab):
    page = tab("picture=x").page
    page.get_by_role("button", name="Download").click()
    assert download(page, "1_input").startswith(b"\x89PNG")


def test_the_code_that_ran_is_shown_with_its_counterparts(tab):
    page = tab().page
    page.get_by_role("button", name="Code").click()
    page.get_by_text("def feature_maps").wait_for()
    page.get_by_role("tab", name="PyTorch").click()
    page.get_by_text("import torch").first.wait_for()


def test_copying_a_link_with_an_own_photo_warns_at_once(tab):
    page = tab("size=64").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    photo = {
        "name": "a.png",
        "mimeType": "image/png",
        "buffer": encoded(noise(40, 40, seed=1), "PNG"),
    }
    own_picture(page).set_input_files(photo)
    page.get_by_text("40 × 40 · ").first.wait_for()
    page.keyboard.press("Escape")  # closes the sources of a picture, which cover the button
    page.get_by_role("button", name="Copy link").click()
    said = page.get_by_text("Copied, but without your photo")
    said.wait_for()
    emptied = "box => { box.textContent = ''; return box.offsetHeight }"  # as after some seconds
    assert said.evaluate(emptied) == 0
