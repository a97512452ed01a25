import pytest

from cnnviz.kernels import KERNELS
from cnnviz.ui.chain.settings import QUICK_ACTIVATIONS


def thumb(slider):
    """Return where the thumb of a slider is, in the middle of its range."""
    box = slider.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"]


def test_maps_move_while_a_slider_is_dragged(tab):
    page = tab()
    slider = page.slider("Bias")
    x, y, width = thumb(slider)
    mouse = page.page.mouse
    mouse.move(x, y)
    mouse.down()
    seen = [
        page.change(lambda step=step: mouse.move(x + width * step / 10, y)) for step in (1, 2, 3)
    ]
    assert len({lines[2] for lines in seen}) == 3  # and the mouse is still down
    mouse.up()
    assert int(slider.input_value()) == pytest.approx(255 * 0.6, abs=12)
    page.query(f"bias={slider.input_value()}")


def test_a_slider_under_a_hurried_hand_ends_where_the_hand_does(tab):
    page = tab("picture=camera")
    slider = page.slider("Bias")
    x, y, width = thumb(slider)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for step in range(60):
        page.page.mouse.move(x + width / 2 * ((-1) ** step) * step / 60, y)
    page.page.mouse.move(x + width * 0.25, y)
    page.page.mouse.up()
    value = slider.input_value()
    page.query(f"bias={value}")
    assert int(value) == pytest.approx(255 / 2, abs=12)
    assert slider.input_value() == value


def test_a_slider_works_with_the_keyboard_alone(tab):
    page = tab()
    page.slider("Bias").focus()
    page.change(lambda: page.page.keyboard.press("ArrowRight"))
    page.query("bias=1")
    page.change(lambda: page.page.keyboard.press("End"))
    page.query("bias=255")
    page.change(lambda: page.page.keyboard.press("Home"))
    page.query("bias=-255")


def test_a_number_may_be_typed_and_stays_within_its_ends(tab):
    page = tab()
    field = page.page.get_by_role("spinbutton", name="Bias")
    field.fill("12")
    page.change(lambda: field.press("Enter"))
    page.query("bias=12")
    field.fill("9999")
    page.change(lambda: field.press("Enter"))
    page.query("bias=255")
    assert field.input_value() == "255"


def test_arrow_keys_choose_the_next_picture(tab):
    page = tab()
    page.page.get_by_role("radio", name="Astronaut").focus()
    page.change(lambda: page.page.keyboard.press("ArrowRight"))
    page.query("picture=camera")
    page.change(lambda: page.page.keyboard.press("ArrowLeft"))
    assert page.page.evaluate("location.search") in ("", "?picture=camera")
    page.page.get_by_role("radio", name="Astronaut", checked=True).wait_for()


def test_a_kernel_is_chosen_by_one_click(tab):
    page = tab()
    page.change(lambda: page.page.get_by_role("radio", name="Sobel y").click())
    page.query("kernels=sobel_y")


def test_the_other_kernels_stand_behind_one_button(tab):
    page = tab()
    page.page.get_by_role("button", name="All kernels").click()
    page.change(lambda: page.page.get_by_role("radio", name="Emboss").click())
    page.query("kernels=emboss")


def test_the_other_activations_stand_behind_one_button(tab):
    page = tab()
    page.page.get_by_role("button", name="All activations").click()
    page.change(lambda: page.page.get_by_role("radio", name="Tanh").click())
    page.query("activation=tanh")
    assert "tanh" not in QUICK_ACTIVATIONS


def test_a_kernel_can_be_typed_cell_by_cell(tab):
    page = tab("kernels=own")
    cell = page.page.get_by_label("row 1, column 1", exact=True)
    cell.fill("-7")
    page.change(lambda: cell.press("Enter"))
    page.query("own=")


def test_a_ninth_kernel_is_refused(tab):
    page = tab("several=on&kernels=" + ",".join(list(KERNELS)[2:10]))
    assert len(page.figures()) == 1 + 8 * 3
    page.page.get_by_role("button", name="Sobel x", exact=True).click()
    page.page.get_by_text("Up to 8 at once").wait_for()
    assert len(page.figures()) == 1 + 8 * 3


def test_what_does_not_fit_is_said_and_the_last_good_maps_stay(tab):
    page = tab("picture=x")
    before = page.figures()
    field = page.page.get_by_role("spinbutton", name="Window")
    field.fill("32")
    field.press("Enter")
    page.page.get_by_text("The maps are the last that fitted").wait_for()
    assert page.figures() == before


def test_two_tabs_do_not_disturb_each_other(tab):
    one, other = tab(), tab()
    before = other.figures()
    one.change(lambda: one.page.get_by_role("radio", name="Cat").click())
    assert other.figures() == before
    other.change(lambda: other.page.get_by_role("radio", name="Coins").click())
    one.query("picture=cat")
    other.query("picture=coins")


def test_settings_survive_a_visit_to_another_page(tab):
    page = tab("picture=x&kernels=sobel_y")
    before = page.figures()
    page.page.get_by_role("link", name="Pixels").click()
    page.page.get_by_role("heading", name="Pixels").wait_for()
    page.page.go_back()
    page.page.wait_for_function("lines => cnnvizFigures().join() === lines.join()", arg=before)
    page.query("kernels=sobel_y")
