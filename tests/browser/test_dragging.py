"""Dragging sliders on every page: the maps move with the hand, the page follows when it rests."""

import json
from collections import Counter
from contextlib import contextmanager
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.browser.tab import LOOK

# page, query, label of the slider, its name in the link, and an element beside the maps, or instead
# of them, that moves as well. Tests without a browser check for every page and part that the live
# channel shows what a run shows.
PIN = "pin=1,40,30,0"
SLIDERS = [
    ("", PIN, "Bias", "bias", None),
    ("pixels", "", "Working size", "size", None),
    ("pixels", "part=shift", "To the right", "right", ".table >> nth=0"),
    ("kernels", f"part=one&kernel=gaussian&{PIN}", "σ", "gaussian.sigma", None),
    ("geometry", "part=border", "Cells of border", "border", None),
    ("activations", PIN, "Bias", "bias", None),
    ("activations", "lesson=edge&function=elu", "ELU, α", "elu.alpha", None),
    ("activations", "lesson=norm", "γ (scale)", "gamma", None),
    ("pooling", PIN, "Window", "window", ".curves svg"),
    ("layers", "", "Size of the picture", "side", ".table"),
]
HURRIED = ("Working size", "To the right", "σ", "Size of the picture")


@contextmanager
def held(tab, label):
    """Press the mouse on a slider; yield a function that moves it to a fraction of its range."""
    slider = tab.slider(label)
    slider.hover()  # waits until the slider is still and uncovered
    box = slider.bounding_box()
    mouse = tab.page.mouse

    def move(share):
        mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)

    move(0.45)
    mouse.down()
    yield move
    mouse.up()


def shown(tab, label):
    """Wait until the slider's value is painted; return the lines below the maps."""
    tab.page.wait_for_function(
        "slider => slider.dataset.shown === slider.value",
        arg=tab.slider(label).element_handle(),
        polling=LOOK,
    )
    return tab.figures()


def markup(tab, place):
    return tab.page.locator(place).evaluate("element => element.outerHTML")


def changed(tab, place, before):
    """Wait until an element differs from before; return it as HTML."""
    tab.settles(lambda: markup(tab, place) != before, True)
    return markup(tab, place)


def agree(tab, fresh):
    """Wait until a newly opened tab shows the same."""
    fresh.settles(fresh.figures, tab.figures())


def settled(tab, label, word, default=None):
    """Wait until link, slider and field agree; return the value. A link omits the default."""
    value = tab.slider(label).input_value()
    said = None if value == default else f"{float(value):.12g}"
    tab.settles(lambda: dict(parse_qsl(urlsplit(tab.page.url).query)).get(word), said)
    tab.page.locator("[data-test-script-state=notRunning]").wait_for()
    assert tab.slider(label).input_value() == value
    assert tab.page.get_by_role("spinbutton", name=label, exact=True).input_value() == value
    return float(value)


@pytest.mark.parametrize(("path", "query", "label", "word", "beside"), SLIDERS)
def test_everything_follows_the_hand_and_the_keys_and_a_pin_stays(
    tab, path, query, label, word, beside
):
    opened = tab(query, path)
    default = opened.slider(label).input_value()
    told = markup(opened, beside) if beside else None
    with held(opened, label) as move:
        seen = []
        for share in (0.4, 0.28, 0.18):
            move(share)
            seen.append(shown(opened, label))
            if beside and len(seen) > 1:  # the first place may be where it stood
                told = changed(opened, beside, told)
        assert len(set(map(tuple, seen))) == 3
        stays_pinned(opened, query)
    start = settled(opened, label, word, default)
    for _ in range(2):
        opened.page.keyboard.press("ArrowRight")
        seen = shown(opened, label)
    value = settled(opened, label, word, default)
    assert value == pytest.approx(start + 2 * float(opened.slider(label).get_attribute("step")))
    opened.settles(opened.figures, seen)  # painted by the page's own run, after the live channel
    stays_pinned(opened, query)
    if label in HURRIED:
        hurries(opened, label)
        value = settled(opened, label, word, default)
        assert share_of_range(opened, label) == pytest.approx(0.3, abs=0.08)
        agree(opened, tab(f"{query}&{word}={value:.12g}", path))


def stays_pinned(tab, query):
    if PIN in query:
        reading = tab.page.locator(".panel").first
        assert json.loads(reading.get_attribute("data-reading"))["cell"] == [40, 30]
        assert PIN in tab.page.url


def hurries(tab, label):
    """Drag a slider there and back without waiting, and let it go at 0.3 of its range."""
    with held(tab, label) as move:
        for step in range(20):
            move(0.3 + 0.2 * (-1) ** step * step / 20)
        move(0.3)


def share_of_range(tab, label):
    slider = tab.slider(label)
    low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
    return (float(slider.input_value()) - low) / (high - low)


def test_a_key_that_is_held_down_keeps_the_maps_moving(tab):
    opened = tab("lesson=dying", "activations")
    opened.slider("Bias").focus()
    seen = []
    for _ in range(3):
        opened.page.keyboard.down("ArrowLeft")
        seen.append(shown(opened, "Bias"))
    assert len(set(map(tuple, seen))) == 3
    opened.page.keyboard.up("ArrowLeft")
    assert settled(opened, "Bias", "push") == pytest.approx(-0.03)


# Elements beside the maps that follow, of parts that are not dragged above.
WORDS = [
    ("kernels", "part=one&kernel=gabor&gabor.wavelength=12", "Wavelength", ".st-key-stage-bench"),
    ("activations", "lesson=dying", "Bias", ".curves"),
]


@pytest.mark.parametrize(("path", "query", "label", "place"), WORDS)
def test_curves_and_sentences_follow_a_hand_that_rests(tab, path, query, label, place):
    follows_a_hand_that_rests(tab(query, path), label, place)


def follows_a_hand_that_rests(tab, label, place):
    seen = markup(tab, place)
    with held(tab, label) as move:
        for share in (0.28, 0.18):
            move(share)
            seen = changed(tab, place, seen)


def test_the_calculator_follows_a_hand_that_rests(tab):
    opened = tab(path="pixels")
    opened.page.get_by_role("radio", name="Why not dense?").click()
    opened.query("part=dense")
    follows_a_hand_that_rests(opened, "Side of the picture", ".table >> nth=0")


def test_a_part_without_maps_follows_as_well(tab):
    opened = tab("lesson=dying", "activations")
    opened.page.get_by_role("radio", name="A vector").click()
    opened.query("lesson=vector")
    shares = opened.page.locator(".table").nth(1)
    with held(opened, "Temperature T") as move:
        move(0.2)
        shown(opened, "Temperature T")
        move(0)
        shown(opened, "Temperature T")
        opened.settles(lambda: "0.999" in shares.inner_text(), True)  # e¹² of the whole
    assert settled(opened, "Temperature T", "temperature") == 0.1


@pytest.fixture
def unopened(lend, contexts):
    """Return a tab that has not opened a page yet: its lines can be listened to and held."""
    return lend(contexts(), fresh=True)


def test_a_drag_goes_through_the_live_channel(unopened):
    said = Counter()

    def listen(socket):
        socket.on("framesent", lambda frame: said.update([socket.url.rpartition("/")[2]]))

    unopened.page.on("websocket", listen)
    opened = unopened.open()
    with held(opened, "Bias") as move:
        opened.page.wait_for_function("document.documentElement.dataset.cnnvizLive === 'open'")
        before = Counter(said)
        for share in (0.4, 0.38, 0.36, 0.34):
            move(share)
            shown(opened, "Bias")
        assert said["live"] - before["live"] >= 8  # a request and a receipt each


def test_a_hand_that_is_there_before_the_channel_is_followed_when_it_comes(unopened):
    kept = []

    def hold(socket):
        line = socket.connect_to_server()
        kept.append(line)
        socket.on_message(lambda message: kept.append(message) if kept else line.send(message))

    unopened.page.route_web_socket("**/live", hold)
    opened = unopened.open()
    before = opened.figures()
    with held(opened, "Bias") as move:
        move(0.3)
        opened.settles(lambda: len(kept), 2)
        line, token = kept
        kept.clear()
        line.send(token)
        assert shown(opened, "Bias") != before


def test_without_a_channel_a_slider_acts_when_let_go(unopened, tab):
    unopened.page.route_web_socket("**/live", lambda socket: socket.close())
    opened = unopened.open()
    before = opened.figures()
    with held(opened, "Bias") as move:
        move(0.3)
        move(0.2)
        assert opened.figures() == before
    value = settled(opened, "Bias", "bias")
    agree(opened, tab(f"bias={value:.12g}"))


def test_drag_let_go_and_reload_in_any_order_end_at_what_the_page_says(tab):
    random, opened = Random(20261128), tab()
    for _ in range(6):
        act = random.choice(["drag", "drag and go on", "reload"])
        if act == "reload":
            opened.page.reload()
            opened.rests()
        else:
            with held(opened, "Bias") as move:
                for _ in range(random.randint(1, 12)):
                    move(random.random())
            if act == "drag and go on":
                with held(opened, "Bias") as move:
                    move(random.random())
    value = settled(opened, "Bias", "bias")
    agree(opened, tab(f"bias={value:.12g}"))


# How often a board writes its arithmetic and a chart: at the start, for an answer that is
# overtaken, and after the last one has come to rest.
WRITTEN = """async name => {
  const base = document.querySelector('[rel=modulepreload][href$="/maps/boards.js"]').href
  const shown = (await import(base)).board(name)
  const { chart } = shown.panes.find(pane => pane.chart), { panel } = shown
  let written = 0, drawn = 0
  shown.panel = { ...panel, show(...all) { written += 1; panel.show(...all) } }
  const draw = chart.draw.bind(chart)
  chart.draw = pane => { drawn += 1; draw(pane) }
  const counts = [], begin = performance.now()
  performance.now = () => begin // on a busy machine, the time for what is overtaken could be over
  for (const overtaken of [false, true, true]) {
    shown.show(shown.message, overtaken)
    counts.push([written, drawn])
  }
  delete performance.now
  const end = performance.now() + 5000
  while (written + drawn < 4 && performance.now() < end) await new Promise(requestAnimationFrame)
  return [...counts, [written, drawn]]
}"""


def test_overtaken_answers_update_the_maps_and_the_last_one_all_the_rest(tab):
    opened = tab("", "activations")
    counts = opened.page.evaluate(WRITTEN, "activations.family")
    assert counts == [[1, 1], [1, 1], [1, 1], [2, 2]]
