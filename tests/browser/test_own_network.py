"""The user's own network in Chromium: opened from files, inspected, and downloaded."""

import re

import numpy as np

from cnnviz.nn import load_model
from tests.browser.test_inside_page import overview
from tests.nn.formats.onnx_models import CONV, WEIGHTS, model, node
from tests.nn.formats.test_fixtures import FOLDER

FILES = [FOLDER / "residual.new.onnx", FOLDER / "residual.new.onnx.data"]


def bring(page, *files):
    page.locator("[data-testid=stMain] input[type=file]").first.set_input_files(files)


def test_a_network_of_pytorch_is_brought_and_answers_and_is_taken_away_as_onnx(tab, tmp_path):
    page = tab("network=file&show=picture", path="inside").page
    bring(page, FILES[0])
    page.get_by_text("which is missing: open both files together").first.wait_for()
    bring(page, *FILES)
    page.get_by_text("residual.new.onnx: ONNX, pictures of 32 × 32 pixels, colour").wait_for()
    page.locator("p", has_text=re.compile("^It says class [0-4],")).wait_for()
    assert "residual2" in overview(page).inner_text()
    page.get_by_test_id("stToast").get_by_label("Close").click()  # the toast covers the buttons
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as taken:
        page.get_by_role("dialog").get_by_role("button", name="The network as ONNX").click()
    taken.value.save_as(tmp_path / "network.onnx")
    found = load_model((tmp_path / "network.onnx").read_bytes())
    with np.load(FOLDER / "residual.npz") as kept:
        shares = np.exp(kept["y"]) / np.exp(kept["y"]).sum()
        np.testing.assert_allclose(found.forward(kept["x"]), shares, rtol=1e-3, atol=1e-5)


def test_the_notice_of_a_refused_file_is_whole(tab):
    page = tab("network=file", path="inside").page
    bring(page, {"name": "net.onnx", "mimeType": "", "buffer": b"I am no network\n"})
    said = page.get_by_test_id("stToastText")
    said.wait_for()
    assert said.inner_text().startswith("This file cannot be opened. Choose ONNX, Keras")
    assert said.evaluate("text => text.scrollHeight - text.clientHeight") <= 1
    assert (
        said.evaluate("text => text.clientHeight / parseFloat(getComputedStyle(text).lineHeight)")
        > 3.5
    )
    assert not page.get_by_text("view more").is_visible()


def test_two_networks_answer_to_one_picture_and_either_is_shown(tab):
    page = tab("network=file&show=picture", path="inside", size=(390, 844)).page
    bring(page, FOLDER / "branches.old.onnx")
    page.get_by_text("branches.old.onnx: ONNX").wait_for()
    bring(page, FOLDER / "residual.old.onnx")
    page.get_by_text("residual.old.onnx: ONNX").wait_for()
    page.get_by_text("branches.old.onnx, on the same: It says").wait_for()
    page.get_by_role("button", name="Show branches.old.onnx").click()
    page.get_by_text("residual.old.onnx, on the same: It says").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("Its input and its classes").click()
    size = page.get_by_label("Size of its pictures")
    size.fill("large")
    size.press("Enter")
    page.get_by_role("alert").get_by_text("Write the size as 224").first.wait_for()
    assert size.is_visible()  # the message above it does not close the section


def test_a_network_that_is_known_in_part_shows_its_maps(tab, tmp_path):
    file = tmp_path / "part.onnx"
    file.write_bytes(model([CONV, node("Sin", "y", "z")], WEIGHTS))
    page = tab("network=file&show=picture", path="inside").page
    bring(page, file)
    page.get_by_text("Shown up to here: the app does not support Sin (1)").first.wait_for()
    overview(page).locator("canvas").first.wait_for()
    assert not page.get_by_text("Evidence for").count()
