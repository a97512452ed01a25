"""The Kernels page in Chromium: the gallery, a kernel opened large, sliders, themes, a phone."""

import pytest

from tests.browser.matrix_grid import CLIPBOARD

PHONE = (390, 844)


def card(page, name):
    return page.locator(".card", has=page.get_by_text(name, exact=True))


def current(page):
    """Return the names of the marked cards."""
    return page.locator(".card[aria-current=true] .name").all_inner_texts()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_card_is_drawn(tab, theme):
    page = tab(path="kernels", theme=theme).page
    maps = page.locator(".card canvas")
    assert maps.count() == 24
    colours = maps.evaluate_all(
        """maps => maps.map(map => new Set(new Uint32Array(map.getContext("2d")
           .getImageData(0, 0, map.width, map.height).data.buffer)).size)"""
    )
    assert min(colours) > 50


def test_a_click_opens_a_kernel_large_and_the_link_remembers_it(tab):
    opened = tab(path="kernels")
    card(opened.page, "Laplacian 4").click()
    heading = opened.page.get_by_role("heading", name="Laplacian 4")
    heading.wait_for()
    opened.query("kernel=laplacian_4")
    opened.page.get_by_text("All kernels").click()
    opened.settles(lambda: current(opened.page), ["Laplacian 4"])


def test_the_kernel_of_the_link_is_marked_in_the_gallery(tab):
    opened = tab("part=all&kernel=emboss", path="kernels")
    opened.settles(lambda: current(opened.page), ["Emboss"])


def test_a_link_of_before_that_names_a_kernel_shows_it_taken_apart(tab):
    tab("kernel=emboss", path="kernels").page.get_by_role("heading", name="Emboss").wait_for()


def test_the_gallery_works_with_the_keyboard(tab):
    page = tab(path="kernels").page
    card(page, "Gabor").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Gabor").wait_for()


def test_a_slider_changes_the_kernel_its_map_and_its_frequencies(tab):
    opened = tab("part=one&kernel=gaussian", path="kernels")
    slider = opened.slider("σ")
    slider.focus()
    before = opened.figures()
    after = opened.change(lambda: opened.page.keyboard.press("ArrowRight"))
    opened.query("gaussian.sigma=1.1")
    assert sum(a != b for a, b in zip(before, after, strict=True)) >= 1


def test_the_middle_of_the_arithmetic_adds_up(tab):
    page = tab("part=one&kernel=box_3", path="kernels").page
    read = page.locator(".st-key-kernels-maps .panel[data-reading]").evaluate(
        "panel => JSON.parse(panel.dataset.reading)"
    )
    assert read["features"] == pytest.approx(read["total"] / 9)


def test_the_numbers_of_a_kernel_become_ones_own(tab):
    opened = tab("part=one&kernel=sobel_x", path="kernels")
    opened.page.get_by_role("button", name="Change its numbers").click()
    opened.page.get_by_role("heading", name="Own kernel").wait_for()
    opened.page.get_by_role("button", name="Numbers …").click()
    opened.page.get_by_role("button", name="Rotate").click()
    opened.query("own=-1,-2,-1;0,0,0;1,2,1")


def test_text_pasted_into_the_own_kernel_is_read_by_the_server(tab):
    opened = tab("part=one&kernel=own", path="kernels")
    page = opened.page
    page.get_by_role("button", name="Numbers …").click()
    cell = page.get_by_label("row 0, column 0", exact=True)
    cell.click()
    page.evaluate(CLIPBOARD, ["paste", "1/16 * [[1, 2], [2, 4]]"])
    opened.query("own=1,2;2,4%20/16")
    page.get_by_label("row 2, column 2", exact=True).wait_for(state="detached")
    page.evaluate(CLIPBOARD, ["paste", "1 2 x"])
    page.get_by_text("Row 0, column 2 is “x”, which is not a number.").wait_for()
    cell.press("Control+z")
    page.get_by_label("row 2, column 2", exact=True).wait_for()


def test_the_difference_of_two_passes_is_blank(tab):
    page = tab("part=passes&kernel=gaussian_5", path="kernels").page
    colours = page.locator(".pane[data-slot='kernels:passes:3'] canvas").evaluate(
        """canvas => [...new Set(new Uint32Array(canvas.getContext("2d")
           .getImageData(0, 0, canvas.width, canvas.height).data.buffer))]"""
    )
    assert len([colour for colour in colours if colour >> 24 == 255]) == 1  # all except the margin


def test_nothing_is_wider_than_the_screen(tab):
    tab("part=one&kernel=own", path="kernels").fits()


def test_the_names_of_the_strip_stand_in_one_line(read):
    names = read().page.locator(".strip .card:visible .name")
    assert names.count() == 4
    heights = [name.bounding_box()["height"] for name in names.all()]
    assert max(heights) < 1.5 * min(heights)
    assert max(heights) < 18
