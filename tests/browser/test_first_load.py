import tomllib

import numpy as np
import pytest
from PIL import ImageColor

from scripts.server import ROOT

PHONE = (390, 844)
SIZES = [(320, 640), PHONE, (768, 1024), (1100, 800), (1600, 1000)]
# As much as can be on the page at once.
FULL = "kernels=sobel_x,sobel_y,gabor&colour=colour&channels=on&separate=on&padding=sides"


def luminance(pixel):
    return pixel[:3] @ [0.299, 0.587, 0.114]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_load_paints_a_map_in_every_stage(tab, theme):
    page = tab(theme=theme, fresh=True)
    assert len(page.figures()) == 4
    for stage in range(4):
        pixels = page.pixels(stage).reshape(-1, 4)
        assert len(np.unique(pixels, axis=0)) > 30
        assert np.mean(pixels[:, 3] == 255) > 0.95  # all except the margin for the padding


def test_what_is_zero_is_bright_on_a_light_page_and_dark_on_a_dark_one(tab):
    query = "picture=impulse&kernels=laplacian_4"  # a map with both signs
    corners = [tab(query, theme=theme).pixels(2)[40, 40] for theme in ("light", "dark")]
    assert luminance(corners[0]) > 200
    assert luminance(corners[1]) < 60


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_of_shares_have_the_accent_of_the_theme(tab, theme):
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    accent = ImageColor.getrgb(config["theme"][theme]["primaryColor"])
    page = tab(path="inside", theme=theme).page
    bars = page.locator(".answers li:not(.first) .share i")
    bars.first.wait_for(state="attached")
    colours = bars.evaluate_all("all => all.map(bar => getComputedStyle(bar).backgroundColor)")
    assert set(colours) == {f"rgb{accent}"}


def test_a_full_page_is_no_wider_than_its_window(tab):
    page = tab(FULL)
    assert len(page.figures()) == 1 + 3 * 3 + 3 + 3 * 3
    page.fits(SIZES)


def test_on_a_phone_all_maps_stand_together_above_their_controls(tab):
    page = tab(size=PHONE).page
    controls = [page.locator("h2.stage").nth(i).bounding_box()["y"] for i in range(4)]
    maps = [page.locator(".pane").nth(i).bounding_box() for i in range(4)]
    assert controls == sorted(controls)
    assert max(box["y"] + box["height"] for box in maps) <= controls[0]
    assert maps[0]["y"] < PHONE[1] / 2


def test_picture_and_arithmetic_stay_in_sight_beside_many_rows_of_maps(tab):
    eight = "sobel_x,sobel_y,box,gabor,emboss,identity,prewitt_x,prewitt_y"
    page = tab(f"several=on&kernels={eight}").page
    page.locator(".pane").nth(3).locator(".window").nth(6).scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 200")
    for part in page.locator(".pane").first, page.locator(".panel"):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= page.viewport_size["height"]


def test_every_map_says_in_words_what_it_shows(read):
    page = read()
    for stage, line in enumerate(page.figures()):
        label = page.window(stage).get_attribute("aria-label").replace("\N{NO-BREAK SPACE}", " ")
        size, _, mean, zeros = line.split(" · ")
        assert all(part in label for part in (size, mean, zeros))


def test_a_reload_keeps_the_settings_even_in_the_middle_of_a_change(tab):
    page = tab()
    page.change(lambda: page.page.get_by_role("radio", name="Letter X").click())
    page.query("picture=x")
    page.kernel("Sobel y").click()
    page.page.reload()
    page.shows("9 × 9")
    assert page.page.get_by_role("radio", name="Letter X").get_attribute("aria-checked") == "true"
