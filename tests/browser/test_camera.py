"""The live camera, with Chromium's fake device: a field with a clock on it."""

import re

import pytest

from tests.browser.conftest import DESKTOP, FIGURES

FRAME = "192 × 256"  # at a working size of 256


@pytest.fixture(scope="module")
def filming(filming_browser, address):
    width, height = DESKTOP
    context = filming_browser.new_context(
        viewport={"width": width, "height": height}, bypass_csp=True, permissions=["camera"]
    )
    context.new_page().goto(f"{address}/favicon.png")  # keeps the process alive
    context.add_init_script(FIGURES)
    yield context
    context.close()


@pytest.fixture
def tab(lend, filming):
    """Return a function that opens a page in a tab with a camera."""
    return lambda query="", path="", fresh=False: lend(filming, fresh=fresh).open(query, path)


def press(opened, name):
    opened.page.get_by_role("button", name=name, exact=True).click()


def film(opened):
    """Start the camera, and wait until its frames are the picture."""
    press(opened, "Live camera")
    opened.shows(FRAME)


def lights(opened):
    """Return how many cameras are on."""
    return opened.page.evaluate(
        """() => [...document.querySelectorAll("*")]
           .flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll("video") ?? [])])
           .flatMap(({ srcObject }) => srcObject?.getTracks() ?? [])
           .filter(({ readyState }) => readyState === "live").length"""
    )


def frames(opened, count):
    """Wait until that many more frames are painted."""
    opened.page.evaluate("window.before = Number(document.documentElement.dataset.cnnvizPainted)")
    opened.page.wait_for_function(
        "count => document.documentElement.dataset.cnnvizPainted - before >= count", arg=count
    )


# A test without a browser checks that every page takes a frame as its picture.
@pytest.mark.parametrize("path", ["", "kernels"])
def test_the_maps_are_those_of_the_camera(tab, path):
    opened = tab("part=one" if path == "kernels" else "", path)  # a gallery has no figures
    before = opened.figures()
    film(opened)
    frames(opened, 2)
    assert lights(opened) == 1
    opened.page.get_by_role("button", name="Copy link").click(trial=True)  # nothing is over it
    press(opened, "Stop the camera")
    opened.settles(opened.figures, before)
    assert lights(opened) == 0


def test_settings_change_and_cells_are_pinned_while_it_runs(tab):
    opened = tab("bias=0")
    film(opened)
    slider = opened.slider("Bias")
    slider.focus()
    opened.page.keyboard.press("ArrowRight")
    opened.query("bias=1")
    opened.window(1).click(position={"x": 60, "y": 60})
    opened.query("pin=1,")
    frames(opened, 2)
    opened.shows(FRAME)
    press(opened, "Stop the camera")
    opened.shows("256 × 256")


# The boxes of the preview, of the buttons used while the camera runs, and of the maps.
BOXES = """() => {
  const walk = root => [...root.querySelectorAll("*")].flatMap(one =>
    [one, ...(one.shadowRoot ? walk(one.shadowRoot) : [])])
  const boxes = what => walk(document).filter(one => one.matches(what))
    .map(one => one.getBoundingClientRect()).filter(({ width }) => width)
    .map(({ left, top, right, bottom }) => [left, top, right, bottom])
  const finder = boxes(".viewfinder > .preview, .viewfinder > button")
  return [finder, boxes(".pane, [data-testid=stTopNavLink]")]
}"""


@pytest.mark.parametrize("width", [1280, 1600])
def test_while_it_runs_the_maps_and_the_names_of_the_pages_are_in_sight(tab, width):
    opened = tab()
    opened.page.set_viewport_size({"width": width, "height": 720})
    film(opened)
    filmed, others = opened.page.evaluate(BOXES)
    assert len(filmed) == 4
    for left, top, right, bottom in filmed:
        assert left >= 0
        assert top >= 0
        assert not any(
            left < east and west < right and top < south and north < bottom
            for west, north, east, south in others
        )


def test_further_down_the_page_it_lies_over_nothing_unless_the_keyboard_is_there(tab):
    opened = tab("part=family", "activations")
    opened.page.set_viewport_size({"width": 1280, "height": 720})
    film(opened)
    preview = opened.page.locator(".viewfinder .preview")
    there = preview.bounding_box()
    x, y = there["x"] + there["width"] / 2, there["y"] + there["height"] / 2
    on_top = f"() => document.elementFromPoint({x}, {y}).closest('.st-key-pictures') !== null"
    assert opened.page.evaluate(on_top)
    opened.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 400)")
    opened.settles(lambda: opened.page.evaluate(on_top), False)
    opened.page.get_by_role("button", name="Stop the camera").focus()
    opened.page.keyboard.press("Tab")
    opened.settles(lambda: opened.page.evaluate(on_top), True)


def test_on_a_phone_held_sideways_it_leaves_half_the_height_to_the_maps(tab):
    opened = tab()
    opened.page.set_viewport_size({"width": 844, "height": 390})
    film(opened)
    assert opened.window(0).bounding_box()["y"] < 390 / 2


def test_a_frozen_frame_becomes_the_picture_and_the_light_goes_out(tab):
    opened = tab()
    film(opened)
    press(opened, "Freeze")
    opened.query("photo=on")
    opened.page.get_by_role("radio", name="Frozen frame").wait_for()
    opened.shows(FRAME)
    assert lights(opened) == 0


FIND = """(() => {
  window.ofCamera = what => [...document.querySelectorAll("*")]
    .flatMap(({ shadowRoot }) => shadowRoot?.querySelector(`.camera ${what}`) ?? [])[0]
})()"""
# The stream has come, and does not play yet.
STOP_BEFORE_IT_PLAYS = """async () => {
  const shown = new Promise(seen => {
    new MutationObserver(seen).observe(ofCamera("video"), { attributeFilter: ["hidden"] })
  })
  ofCamera(".toggle").click()
  await shown
  ofCamera(".toggle").click()
}"""
SAID = "() => ofCamera('.said').textContent"
TAKE_AWAY = """() => {
  const [track] = ofCamera("video").srcObject.getTracks()
  track.stop()
  track.dispatchEvent(new Event("ended"))
}"""


def test_a_picture_may_be_mirrored_or_not(tab):
    opened = tab()
    film(opened)
    mirror = opened.page.get_by_role("button", name="Mirror", exact=True)
    assert mirror.get_attribute("aria-pressed") == "true"
    mirror.click()
    assert mirror.get_attribute("aria-pressed") == "false"
    press(opened, "Other camera")
    frames(opened, 3)
    press(opened, "Stop the camera")
    opened.page.evaluate(FIND)
    opened.page.evaluate(STOP_BEFORE_IT_PLAYS)
    opened.stands_still()
    assert opened.page.evaluate(SAID) == ""
    film(opened)
    opened.page.evaluate(TAKE_AWAY)
    opened.page.get_by_text("The camera has stopped").wait_for()
    assert lights(opened) == 0


HIDE = """isHidden => {
  if (isHidden) Object.defineProperty(document, "hidden", { value: true, configurable: true })
  else delete document.hidden
  document.dispatchEvent(new Event("visibilitychange"))
}"""


def test_the_light_goes_out_when_the_tab_is_hidden_and_where_no_picture_is_shown(tab):
    opened = tab()
    before = opened.figures()
    film(opened)
    opened.page.evaluate(HIDE, True)
    opened.settles(lambda: lights(opened), 0)
    opened.page.evaluate(HIDE, False)
    opened.settles(opened.figures, before)
    film(opened)
    opened.go("Convolution")
    opened.settles(lambda: lights(opened), 0)


REFUSE = (
    """navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NAME"))"""
)


REFUSALS = [
    (REFUSE.replace("NAME", "NotAllowedError"), "Access to the camera was denied"),
    (REFUSE.replace("NAME", "NotFoundError"), "No camera was found"),
    (REFUSE.replace("NAME", "NotReadableError"), "Another program is using the camera"),
    (REFUSE.replace("NAME", "AbortError"), "The camera could not be started"),
    ("Object.defineProperty(window, 'isSecureContext', { value: false })", "secure pages only"),
]


def test_problems_with_the_camera_are_explained_in_one_sentence(tab):
    opened = tab(fresh=True)
    before = opened.figures()
    for script, sentence in REFUSALS:
        opened.page.evaluate(f"() => {{ {script} }}")
        press(opened, "Live camera")
        opened.page.get_by_text(sentence).wait_for()
        assert opened.figures() == before
        assert opened.page.get_by_role("button", name="Live camera", exact=True).is_visible()


def test_holding_the_button_films_pictures_of_a_class(tab):
    opened = tab(path="training", query="part=own")
    page = opened.page
    hold = page.get_by_role("button", name="Hold to film")
    hold.click()
    page.get_by_text("Start the live camera first").wait_for()
    press(opened, "Live camera")
    opened.settles(lambda: lights(opened), 1)
    frames(opened, 2)
    hold.hover()
    page.mouse.down()
    page.get_by_text(re.compile(r"^([3-9]|\d\d) taken$")).wait_for()  # 5 a second: 3 may be missed
    page.mouse.up()
    page.get_by_text(re.compile(r"^(9|[123]\d) pictures$")).wait_for()
    press(opened, "Undo")
    page.get_by_text("6 pictures").first.wait_for()
    press(opened, "Stop the camera")
