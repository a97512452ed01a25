import pytest

from cnnviz.kernels import KERNELS
from cnnviz.ui.chain.settings import QUICK_ACTIVATIONS
from tests.browser.projector import PHONE, PROJECTOR
from tests.browser.tab import Tab

# Whether the middle of an element is uncovered.
UNCOVERED = """one => {
  const { left, top, width, height } = one.getBoundingClientRect()
  return one.contains(document.elementFromPoint(left + width / 2, top + height / 2))
}"""

# The names of menus that reach their arrow.
OVER_ARROWS = """() => [...document.querySelectorAll("[data-testid=stPopoverButton]")]
  .filter(one => one.checkVisibility() && one.querySelector("p"))
  .filter(one => {
    const name = new Range()
    name.selectNodeContents(one.querySelector("p"))
    const arrow = one.querySelector("[data-testid=stIconMaterial]").getBoundingClientRect()
    return name.getBoundingClientRect().right > arrow.left
  })
  .map(one => one.innerText)"""


def thumb(slider):
    """Return the thumb's position in the middle of a slider's range, and the slider's width."""
    box = slider.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"]


@pytest.fixture(scope="module")
def shared(contexts, address):
    one = Tab(contexts(), address).open()
    yield one
    assert one.troubles == []


@pytest.fixture
def lab(shared):
    """Return the Lab as it opens, in one tab for all tests, which this fixture resets."""
    back = shared.page.get_by_role("button", name="Reset", exact=True)
    if back.is_visible():
        back.click()
        back.wait_for(state="detached")
    shared.page.wait_for_function("() => location.search === ''")
    shared.page.locator("[data-test-script-state=notRunning]").wait_for()
    return shared


def test_a_slider_under_a_hurried_hand_ends_where_the_hand_does(lab):
    page = lab
    slider = page.slider("Bias")
    x, y, width = thumb(slider)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for step in range(30):
        page.page.mouse.move(x + width / 2 * ((-1) ** step) * step / 30, y)
    page.page.mouse.move(x + width * 0.25, y)
    page.page.mouse.up()
    value = slider.input_value()
    page.query(f"bias={value}")
    assert int(value) == pytest.approx(255 / 2, abs=12)
    assert slider.input_value() == value


def test_a_slider_works_with_the_keyboard_alone(lab):
    page = lab
    page.slider("Bias").focus()
    page.change(lambda: page.page.keyboard.press("ArrowRight"))
    page.query("bias=1")
    page.change(lambda: page.page.keyboard.press("End"))
    page.query("bias=255")
    page.change(lambda: page.page.keyboard.press("Home"))
    page.query("bias=-255")


def test_a_number_may_be_typed_and_stays_within_its_ends(lab):
    page = lab
    field = page.page.get_by_role("spinbutton", name="Bias")
    field.fill("12")
    page.change(lambda: field.press("Enter"))
    page.query("bias=12")
    field.fill("9999")
    page.change(lambda: field.press("Enter"))
    page.query("bias=255")
    assert field.input_value() == "255"


def test_arrow_keys_choose_the_next_picture(lab):
    page = lab
    page.page.get_by_role("radio", name="Astronaut").focus()
    page.change(lambda: page.page.keyboard.press("ArrowRight"))
    page.query("picture=camera")
    page.change(lambda: page.page.keyboard.press("ArrowLeft"))
    assert page.page.evaluate("location.search") in ("", "?picture=camera")
    page.page.get_by_role("radio", name="Astronaut", checked=True).wait_for()


def test_a_kernel_is_chosen_by_one_click(lab):
    page = lab
    page.change(lambda: page.kernel("Sobel y").click())
    page.query("kernels=sobel_y")


def test_the_other_kernels_stand_behind_one_button(lab):
    page = lab
    page.page.get_by_role("button", name="All kernels").click()
    page.change(lambda: page.kernel("Emboss").click())
    page.query("kernels=emboss")


def test_the_other_activations_stand_behind_one_button(lab):
    page = lab
    page.page.get_by_role("button", name="All activations").click()
    page.change(lambda: page.page.get_by_role("radio", name="Tanh").click())
    page.query("activation=tanh")
    assert "tanh" not in QUICK_ACTIVATIONS


def test_a_kernel_can_be_typed_cell_by_cell(tab):
    page = tab("kernels=own")
    page.page.get_by_role("button", name="Numbers …").click()
    cell = page.page.get_by_label("row 1, column 1", exact=True)
    cell.fill("-7")
    page.change(lambda: cell.press("Enter"))
    page.query("own=")


def test_a_ninth_kernel_is_refused(tab):
    page = tab("several=on&kernels=" + ",".join(list(KERNELS)[2:10]))
    assert len(page.figures()) == 1 + 8 * 3
    page.kernel("Sobel x").click()
    page.page.get_by_text("Up to 8 at once").wait_for()
    assert len(page.figures()) == 1 + 8 * 3


def test_several_kernels_are_chosen_in_turn_and_the_last_one_stays(tab):
    page = tab("several=on")
    page.change(lambda: page.kernel("Sobel y").click())
    page.query("kernels=sobel_x,sobel_y")
    page.change(lambda: page.kernel("Sobel x").click())
    page.query("kernels=sobel_y")
    page.kernel("Sobel y").click()
    page.page.locator("[data-test-script-state=notRunning]").wait_for()
    assert "kernels=sobel_y" in page.page.url


def paint(page, row, column, up):
    """Drag on a cell of a 3 × 3 kernel, up by that many numbers."""
    box = page.page.locator(".kernel-cells canvas").first.bounding_box()
    x, y = (box[side] + box[length] * (place + 0.5) / 3
            for side, length, place in (("x", "width", column), ("y", "height", row)))  # fmt: skip
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x, y - 7 * up, steps=3)
    page.page.mouse.up()


def test_a_cell_of_the_kernel_is_painted_and_put_back_and_no_map_moves(lab):
    page = lab
    places = [page.window(stage).bounding_box() for stage in range(4)]
    page.change(lambda: paint(page, 1, 1, -3))
    page.query("kernels=own&own=-1,0,1;-2,-3,2;-1,0,1")
    assert [page.window(stage).bounding_box() for stage in range(4)] == places
    page.change(lambda: page.page.get_by_role("button", name="Reset the kernel").click())
    page.page.wait_for_function("() => !location.search.includes('kernels=')")


def test_the_kernel_of_the_lab_goes_along_and_comes_back_changed(tab):
    page = tab()
    page.change(lambda: page.kernel("Gaussian").click())
    page.query("kernels=gaussian")
    page.go("Kernels")
    page.query("kernel=gaussian")
    page.page.locator(".card", has=page.page.get_by_text("Emboss", exact=True)).click()
    page.query("kernel=emboss")
    page.go("Lab")
    page.query("kernels=emboss")


def test_on_a_narrow_bar_the_pictures_lie_one_click_away(tab):
    page = tab(size=(1280, 720))
    shown = page.page.get_by_role("radiogroup", name="Picture").get_by_role("radio")
    assert shown.count() == 1
    page.page.get_by_role("button", name="All pictures").click()
    page.change(lambda: page.page.get_by_role("radio", name="Coffee").click())
    page.page.keyboard.press("Escape")
    page.settles(shown.count, 1)
    page.settles(lambda: shown.first.get_attribute("title"), "Coffee")


def test_a_page_with_numbers_of_its_own_has_no_list_of_pictures(tab):
    assert not tab(path="convolution").page.get_by_role("radiogroup", name="Picture").is_visible()


def test_a_cell_takes_keys_and_what_does_not_fit_is_said_and_the_last_good_maps_stay(tab):
    page = tab("picture=x")
    page.page.locator(".kernel-cells [role=spinbutton]").first.focus()
    page.page.keyboard.press("ArrowRight")
    page.change(lambda: page.page.keyboard.press("ArrowUp"))
    page.query("own=-1,1,1;-2,0,2;-1,0,1")
    page.page.locator("[data-test-script-state=notRunning]").wait_for()
    before = page.figures()
    field = page.page.get_by_role("spinbutton", name="Window")
    field.fill("32")
    field.press("Enter")
    page.page.get_by_text("The maps shown are from the last settings that fitted").wait_for()
    assert page.figures() == before


@pytest.mark.parametrize("size", [PROJECTOR, PHONE])
@pytest.mark.parametrize(("path", "query"), [("", "pool_padding=6"), ("pooling", "padding=6")])
def test_a_misfit_message_is_visible_and_does_not_cover_the_player(read, path, query, size):
    page = read(path, query, size=size).page
    alert = page.get_by_test_id("stAlert").first
    alert.get_by_text("at most 1 at each end would fit").wait_for()
    assert alert.evaluate(UNCOVERED)
    if size == PROJECTOR:
        play = page.get_by_role("button", name="Play").bounding_box()
        assert play["y"] + play["height"] < alert.bounding_box()["y"]


def test_praise_keeps_its_place_among_the_sentences(tab):
    alert = tab("window=1", "pooling", size=PROJECTOR).page.get_by_test_id("stAlert")
    alert.get_by_text("Both maps are the same").wait_for()
    assert alert.evaluate("one => getComputedStyle(one.parentElement).position") == "relative"


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
    page.go("Pixels")
    page.page.get_by_role("heading", name="Pixels").wait_for()
    page.page.go_back()
    page.page.wait_for_function("lines => cnnvizFigures().join() === lines.join()", arg=before)
    page.query("kernels=sobel_y")


def test_the_name_of_a_menu_beside_a_kernel_ends_before_its_arrow(tab):
    shown = tab("padding=number&mode=replicate&padding_amount=2")
    for width in (280, 390, 1280, 1440):
        shown.page.set_viewport_size({"width": width, "height": 720})
        shown.settles(lambda: shown.page.evaluate(OVER_ARROWS), [])
    short = shown.page.get_by_test_id("stPopoverButton").get_by_text("Flip, axes …")
    assert short.evaluate("name => name.getClientRects().length") == 1  # line


@pytest.mark.parametrize(
    ("path", "name", "top", "tall"),
    [
        ("", "Padding, rounding …", 300, 130),
        ("convolution", "Type the kernel", 257, 220),  # its grid is drawn after all else
    ],
)
def test_a_menu_low_on_a_phone_opens_on_the_side_that_has_room_for_it(tab, path, name, top, tall):
    phone = tab(path=path, size=(844, 390))
    button = phone.page.get_by_role("button", name=name)
    button.scroll_into_view_if_needed()
    # below it, an empty menu or half of one has room, but no full one
    phone.page.locator("[data-testid=stMain]").evaluate(
        "(main, by) => main.scrollBy(0, by)", button.bounding_box()["y"] - top
    )
    button.click()
    menu = phone.page.get_by_test_id("stPopoverBody")

    def is_tall_and_filled():
        return menu.locator("p").count() > 0 and menu.bounding_box()["height"] > tall

    phone.settles(is_tall_and_filled, True)
    phone.stands_still()
    assert is_tall_and_filled()
    box = menu.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 390
