import numpy as np


def differ(before, after):
    return before.shape != after.shape or (before != after).any()


def until_drawn(page, act):
    """Do something and wait until the maps are painted again."""
    painted = "Number(document.documentElement.dataset.cnnvizPainted)"
    before = page.page.evaluate(painted)
    act()
    page.page.wait_for_function(f"before => {painted} > before", arg=before)


def test_zooming_one_map_zooms_all_and_zero_shows_everything_again(tab):
    page = tab()
    page.window(1).focus()
    before = [page.pixels(stage) for stage in range(4)]
    for _ in range(3):
        until_drawn(page, lambda: page.page.keyboard.press("+"))
    assert all(differ(before[stage], page.pixels(stage)) for stage in range(4))
    until_drawn(page, lambda: page.page.keyboard.press("0"))
    for stage in range(4):
        np.testing.assert_array_equal(page.pixels(stage), before[stage])


def test_the_buttons_of_a_map_zoom_as_the_keys_do(tab):
    page = tab()
    page.window(2).hover()
    before = page.pixels(0)
    window = page.window(2)
    until_drawn(page, window.get_by_role("button", name="Zoom in").click)
    assert differ(before, page.pixels(0))
    until_drawn(page, window.get_by_role("button", name="Zoom out").click)
    assert not differ(before[..., 3], page.pixels(0)[..., 3])


def test_the_wheel_scrolls_the_page_unless_a_key_is_held(tab):
    page = tab()
    page.window(0).hover()
    before = page.pixels(3)
    page.page.mouse.wheel(0, -200)
    page.page.keyboard.down("Control")
    until_drawn(page, lambda: page.page.mouse.wheel(0, -200))
    page.page.keyboard.up("Control")
    assert differ(before, page.pixels(3))


def test_the_view_stays_when_a_setting_changes(tab):
    page = tab("picture=camera")
    page.window(0).focus()
    until_drawn(page, lambda: page.page.keyboard.press("+"))
    before = page.pixels(0)
    page.slider("Bias").focus()
    page.change(lambda: page.page.keyboard.press("End"))
    np.testing.assert_array_equal(page.pixels(0)[5:50, 5:50], before[5:50, 5:50])
