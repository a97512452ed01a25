"""What goes through the live channel is what the page's run sends, byte for byte."""

import re
import threading

import numpy as np
import pytest

from cnnviz.ui.server.live.requests import Request
from cnnviz.ui.widgets.settings import SCENE
from tests.ui.apptest import components, errors, lab
from tests.ui.pages import open_page
from tests.ui.scenes import agree, changeable, drawn, scene, sent, some_changes

PAGES = {"lab": "pages/1_Lab.py"}
TRIALS = 14


@pytest.mark.parametrize("page", PAGES)
def test_a_scene_shows_what_the_run_shows(page):
    rng = np.random.default_rng(20261128)
    at = open_page(PAGES[page])
    assert drawn(at).items() <= sent(at).items()
    names = changeable(at)
    fitted = [agree(at, some_changes(at, rng, names)) for _ in range(TRIALS)]
    assert sum(fitted) > TRIALS / 2


def test_a_scene_works_on_the_persons_own_photo(photo):
    at = lab(photo=photo)
    assert drawn(at).items() <= sent(at).items()
    assert drawn(at, **{"shared.photo": "off"}) != drawn(at)


def test_a_frame_of_the_camera_is_the_picture(photo):
    at = lab()
    frame = dict(scene(at)(Request(1, frame=photo)))
    assert bytes(frame["lab"]) == components(lab(photo=photo), "maps")[0].bytes


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
def test_what_no_setting_can_be_is_answered_with_a_sentence(changes, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        drawn(lab(), **changes)


def test_settings_that_do_not_fit_get_the_sentence_of_the_page():
    at = lab()
    changes = {"lab.padding": "valid", "lab.dilation": "16", "shared.size": "32"}
    assert not agree(at, changes)
    assert errors(at)


def test_a_request_changes_nothing_of_the_session():
    at = lab()
    before = drawn(at)
    drawn(at, **{"lab.bias": "7", "shared.size": "64", "shared.picture": "coins"})
    assert drawn(at) == before
    assert at.session_state["lab.bias"] == 0


def test_a_scene_has_the_settings_the_picture_and_nothing_else():
    values = scene(lab()).values
    assert {key for key in values if not key.startswith(("lab.", "shared."))} <= {
        "cnnviz.photo",
        "cnnviz.fitted",
    }


def test_each_step_of_the_work_may_be_done_by_another_thread():
    at = lab()
    work, found = scene(at)(Request(1, {"lab.bias": "5"})), []

    def step():
        found.append(next(work, None))
        assert SCENE.get() is None

    for _ in range(2):
        thread = threading.Thread(target=step)
        thread.start()
        thread.join()
    assert [message and message[0] for message in found] == ["lab", None]
    assert bytes(found[0][1]) == drawn(at, **{"lab.bias": "5"})["lab"]


@pytest.fixture
def photo():
    return np.random.default_rng(5).integers(0, 256, (90, 120, 3), np.uint8)
