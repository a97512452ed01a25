"""What goes through the live channel is what the page's run sends, byte for byte."""

import re
import threading
from functools import partial

import numpy as np
import pytest

from cnnviz.ui.server.live.requests import Request
from cnnviz.ui.widgets import live_page, working_picture
from cnnviz.ui.widgets.session_values import READING, Reading, is_live, state
from tests.message import unpacked
from tests.ui.apptest import errors, lab, maps
from tests.ui.pages import open_page, run_again
from tests.ui.scenes import agree, changeable, drawn, scene, sent, some_changes

TRIALS = 5
# Every page, and the settings that open each of its screens.
SCREENS = [
    ("1_Lab", {}),
    *(("2_Pixels", {"pixels.part": part}) for part in ("planes", "dense", "shift")),
    ("3_Convolution", {}),
    ("3_Convolution", {"convolution.lesson": "features"}),
    *(
        ("4_Kernels", {"kernels.kernel": "gaussian", "kernels.part": part})
        for part in ("all", "one", "passes", "row")
    ),
    *(("5_Geometry", {"geometry.part": part}) for part in ("sizes", "border", "back")),
    *(
        ("6_Activations", {"activations.lesson": lesson})
        for lesson in ("family", "edge", "channels", "linear", "dying", "norm")
    ),
    ("7_Pooling", {}),
    ("8_Layers", {}),
    ("9_Training", {}),
    ("10_Inside", {"inside.show": "drawing"}),
]


@pytest.mark.parametrize(("page", "settings"), SCREENS)
def test_the_channel_shows_the_same_as_the_run(page, settings):
    rng = np.random.default_rng(20261128)
    at = open_page(f"pages/{page}.py", settings)
    names = changeable(at)
    fitted = [agree(at, some_changes(at, rng, names)) for _ in range(TRIALS)]
    assert sum(fitted) > TRIALS / 3


@pytest.mark.parametrize(
    ("name", "text"),
    [("grid", "7"), ("kernel", "4"), ("dilation", "2"), ("stride", "3"), ("pad", "2")],
)
def test_a_step_of_the_geometry_shows_what_the_run_shows(name, text):
    at = open_page("pages/5_Geometry.py")
    assert agree(at, {f"geometry.{name}": text})
    assert at.session_state[f"geometry.{name}"] == int(text)


def test_a_scene_works_on_the_persons_own_photo(photo):
    at = lab(photo=photo)
    assert agree(at, {"lab.bias": "3"})
    assert agree(at, {"shared.photo": "off"})


def test_parts_that_a_change_does_not_affect_are_not_recomputed():
    at = open_page("pages/5_Geometry.py", {"geometry.part": "border"})
    assert drawn(at) == {}
    assert drawn(at, **{"geometry.border": "5"}).keys() == {"geometry:borders"}
    assert drawn(at, **{"geometry.border": "5"}) == {}  # it is already on the screen
    at = open_page("pages/5_Geometry.py")
    assert drawn(at, **{"shared.size": "64"}).keys() == {"geometry:photo"}


@pytest.mark.parametrize(
    ("page", "board"),
    [
        ("1_Lab", "lab"),
        ("2_Pixels", "pixels"),
        ("4_Kernels", "kernels"),
        ("5_Geometry", "geometry:photo"),
        ("6_Activations", "activations.family"),
        ("7_Pooling", "pooling"),
    ],
)
def test_a_frame_of_the_camera_is_the_picture(photo, page, board):
    settings = {"kernels.part": "one"}
    path = f"pages/{page}.py"
    shown = dict(scene(open_page(path, settings))(Request(1, frame=photo)))
    run = sent(open_page(path, settings, photo=photo))
    film, still = map(unpacked, (bytes(shown[board]), run[board]))
    # The selected cell stays selected between frames, but not between photos.
    assert film[0].pop("subject") == ""
    assert (still[0].pop("subject") != "") == (page not in ("2_Pixels", "7_Pooling"))
    assert film == still


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lab.stride": "99"}, "“99” is not possible for “Stride”."),
        ({"lab.stride": "1_0"}, "“1_0” is not possible for “Stride”."),
        ({"lab.own": "1,2;3"}, "“1,2;3” is not possible for “Own kernel”."),
        ({"lab.kernels": "x" * 99}, f"“{'x' * 24}…” is not possible for “Kernels”."),
        ({"pooling.window": "3"}, "This page has no setting “pooling.window”."),
        ({"lab.own": "1," * 3000}, "is not possible for “Own kernel”."),
    ],
)
def test_impossible_values_are_answered_with_a_sentence(changes, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        drawn(lab(), **changes)


def test_settings_that_do_not_fit_get_the_sentence_of_the_page():
    at = lab()
    changes = {"lab.padding": "valid", "lab.dilation": "16", "shared.size": "32"}
    assert not agree(at, changes)
    assert errors(at)


def test_a_request_changes_nothing_of_the_session():
    at = lab()
    before = dict(scene(at).values)
    assert drawn(at, **{"lab.bias": "7", "shared.size": "64", "shared.picture": "coins"})
    assert scene(at).values == before
    assert at.session_state["lab.bias"] == 0


def test_a_scene_has_the_settings_the_picture_and_nothing_else():
    values = scene(lab()).values
    assert {key for key in values if not key.startswith(("lab.", "shared."))} <= {
        "cnnviz.photo",
        "cnnviz.made",
    }


def test_each_step_of_the_work_may_be_done_by_another_thread():
    at = lab()
    work, found = scene(at)(Request(1, {"lab.bias": "5"})), []

    def step():
        found.append(next(work, None))
        assert READING.get() is None

    for _ in range(2):
        thread = threading.Thread(target=step)
        thread.start()
        thread.join()
    assert [message and message[0] for message in found] == ["lab", None]
    assert bytes(found[0][1]) == drawn(lab(), **{"lab.bias": "5"})["lab"]


@pytest.mark.parametrize(
    ("at", "change", "to"),
    [
        (lab, {"lab.bias": "5"}, ["lab"]),
        (
            partial(open_page, "pages/6_Activations.py", {"activations.lesson": "dying"}),
            {"activations.push": "-0.1"},
            ["activations.dying", "activations:death"],
        ),
    ],
    ids=["one", "two"],
)
def test_the_last_message_of_an_answer_says_so(at, change, to):
    found = list(scene(at())(Request(1, change)))
    assert [name for name, _ in found] == to
    assert [packed.last for _, packed in found] == [name == to[-1] for name in to]


def whole(at):
    """Return everything on the page that depends on settings: maps and texts."""
    texts = [element.value for kind in ("markdown", "caption", "error") for element in at.get(kind)]
    return {to: told for to, told in sent(at).items() if isinstance(told, bytes)}, texts


@pytest.mark.parametrize(
    ("page", "changes"),
    [
        ("1_Lab", {"lab.bias": "5", "lab.stride": "2"}),
        ("5_Geometry", {"geometry.stride": "3"}),
        ("7_Pooling", {"pooling.window": "3"}),
    ],
)
def test_a_run_goes_on_with_what_the_channel_has_computed(page, changes, monkeypatch):
    at = open_page(f"pages/{page}.py")
    drawn(at, **changes)
    values = {key: scene(at).settings[key].understand(text) for key, text in changes.items()}
    alone = open_page(f"pages/{page}.py", values)

    def compute(part, values):
        raise AssertionError("it was computed again")

    monkeypatch.setattr(live_page.LivePart, "compute", compute)
    run_again(at, values)
    monkeypatch.undo()
    assert whole(at) == whole(alone)


def test_a_run_of_other_values_computes_its_own():
    at = lab()
    drawn(at, **{"lab.bias": "5"})
    run_again(at, {"lab.bias": 6})
    assert sent(at)["lab"] == sent(lab({"bias": 6}))["lab"]
    drawn(at, **{"lab.bias": "7", "shared.size": "64"})
    run_again(at, {"lab.bias": 7})
    assert sent(at)["lab"] == sent(lab({"bias": 7}))["lab"]


def test_the_last_live_settings_that_fitted_stay_when_the_next_do_not():
    at = lab({"size": 32})
    drawn(at, **{"lab.bias": "5"})
    run_again(at, {"lab.bias": 5})
    run_again(at, {"lab.padding": "valid", "lab.dilation": 16})
    assert "The maps shown are from the last settings that fitted." in at.error[0].value
    assert maps(at)[1].plane.tolist() == maps(lab({"size": 32, "bias": 5}))[1].plane.tolist()


def test_parts_that_depend_on_more_than_settings_are_recomputed():
    def steps():
        assert state()["a.one"] == 1
        if asks:
            is_live()
        if "b.other" in state():
            pass
        yield []

    settings, session = {"a.one"}, {"a.one": 1}
    asks = False
    for held, changed in [({}, {}), ({"b.other": 2}, {}), ({}, {"b.other": 2}), ({}, {"a.one": 2})]:
        part = live_page.LivePart(steps)
        part.compute_ahead(Reading({**session, **held}, live=True))
        known = live_page.LivePart(steps).go_on([part], {**session, **held, **changed}, settings)
        assert (known is not None) == (not held and not changed)
    asks = True
    part = live_page.LivePart(steps)
    part.compute_ahead(Reading(dict(session), live=True))
    assert live_page.LivePart(steps).go_on([part], session, settings) is None


def test_a_working_picture_that_was_made_again_is_another():
    def steps():
        assert state()[working_picture.KEPT[1]]
        yield []

    def made():
        return {working_picture.KEPT[1]: ("64", {1: np.zeros(4)})}

    part = live_page.LivePart(steps)
    first = made()
    part.compute_ahead(Reading(dict(first), live=True))
    assert live_page.LivePart(steps).go_on([part], made(), set()) is None
    part.compute_ahead(Reading(dict(first), live=True))
    assert live_page.LivePart(steps).go_on([part], dict(first), set()) is not None


def test_work_that_was_done_ahead_is_gone_on_with_once():
    def steps():
        yield []

    part = live_page.LivePart(steps)
    part.compute_ahead(Reading({}, live=True))
    assert live_page.LivePart(steps).go_on([part], {}, set()) is not None
    assert live_page.LivePart(steps).go_on([part], {}, set()) is None


@pytest.fixture
def photo():
    return np.random.default_rng(5).integers(0, 256, (90, 120, 3), np.uint8)
