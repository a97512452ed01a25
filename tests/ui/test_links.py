import random
from base64 import b64encode
from unittest.mock import patch
from urllib.parse import urlencode

import numpy as np
import pytest
import streamlit
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.ui.classroom.task import Sheet, Task
from cnnviz.ui.classroom.task_goals import Is
from cnnviz.ui.maps.boards import Pin
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.frame import MOST_NOTICES
from cnnviz.ui.widgets.matrix_setting import Cells, Matrix
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Several, Switch
from cnnviz.ui.widgets.settings import enter, restore, restore_elsewhere, restore_link
from tests.ui.apptest import SETTINGS, components, lab, link, said, without
from tests.ui.pages import open_page, run_again

LINKED = [setting for name, setting in SETTINGS.items() if name != "photo"]
each_setting = pytest.mark.parametrize("setting", LINKED, ids=lambda setting: setting.name)


def values(setting):
    """Return a strategy for the values that a person can set."""
    if isinstance(setting, Number):
        steps = round((setting.high - setting.low) / setting.step)
        return st.integers(0, steps).map(lambda step: _round(setting, step))
    if isinstance(setting, Several):
        names = st.sampled_from(list(setting.options))
        return st.lists(names, min_size=1, max_size=setting.most, unique=True).map(tuple)
    if isinstance(setting, Choice):
        return st.sampled_from(list(setting.options))
    if isinstance(setting, Switch):
        return st.booleans()
    if isinstance(setting, Pin):
        return st.tuples(st.integers(0, 3), *[st.integers(0, 99_999)] * 3).map(
            lambda cell: ",".join(map(str, cell))
        )
    if isinstance(setting, Matrix):
        sizes = st.tuples(st.integers(1, 5), st.integers(1, 5))
        return sizes.flatmap(matrices)
    raise AssertionError(f"{setting.name} is a setting of a kind that is not drawn here")


def matrices(size):
    height, width = size
    cells = st.integers(-999, 999) | st.integers(-99, 99).map(lambda tenths: tenths / 10)
    rows = st.lists(cells, min_size=width, max_size=width)
    matrix = st.lists(rows, min_size=height, max_size=height)
    return st.builds(Cells.of, matrix, st.sampled_from([1, 9, 16, 256]))


def _round(setting, step):
    value = setting.low + step * setting.step
    return value if isinstance(setting.step, int) else round(value, 9)


@each_setting
@given(data=st.data())
def test_a_value_survives_being_written_into_a_link(setting, data):
    value = data.draw(values(setting))
    assert setting.parse(setting.format(value)) == value


@each_setting
@given(text=st.text(max_size=20) | st.from_regex(r"[-+]?[0-9.,_e]{1,9}", fullmatch=True))
def test_any_text_is_refused_or_means_a_value_that_can_be_set(setting, text):
    try:
        value = setting.parse(text)
    except ValueError:
        return
    assert setting.parse(setting.format(value)) == value
    if isinstance(setting, Number):
        assert setting.low <= value <= setting.high
        assert type(value) is (int if isinstance(setting.step, int) else float)


@settings(max_examples=20)
@given(st.fixed_dictionaries({}, optional={setting.name: values(setting) for setting in LINKED}))
def test_a_link_restores_every_setting_and_every_map(chosen):
    first = lab(chosen)
    second = lab(link=link(first))
    assert not said(second)
    for setting in LINKED:
        assert second.session_state[setting.key] == first.session_state[setting.key]
    assert link(second) == link(first)
    assert components(second, "maps")[0].bytes == components(first, "maps")[0].bytes


def test_the_link_of_the_first_screen_is_empty():
    assert link(lab()) == ""


NONSENSE = [setting for setting in LINKED if setting.name != "own"]  # "1;2" is a kernel


@pytest.mark.parametrize("word", ["", "x" * 5000, "1e999", "1;2", "nan", "<b>0</b>", "\0", "😀"])
def test_nonsense_in_every_setting_is_said_and_gives_the_defaults(word):
    at = lab(link=urlencode({setting.name: word for setting in NONSENSE}))
    (sentence,) = said(at)  # only one, so that it does not cover a phone
    assert sentence.endswith(f"And {len(NONSENSE) - MOST_NOTICES} more like these.")
    for setting in NONSENSE:
        assert at.session_state[setting.key] == setting.default
    assert link(at) == ""


@pytest.mark.parametrize("setting", NONSENSE, ids=lambda setting: setting.name)
def test_nonsense_in_one_setting_is_named(setting):
    (sentence,) = said(lab(link=f"{setting.name}=banana"))
    assert f"“{setting.name}=banana”" in sentence


def test_a_link_with_unknown_words_is_the_first_screen():
    at = lab(link="utm_source=news&stride=&STRIDE=3&lab.stride=2&__proto__=1")
    assert len(said(at)) == 1
    assert link(at) == ""


def test_nine_kernels_in_a_link_are_too_many():
    at = lab(link="kernels=" + ",".join(list(SETTINGS["kernels"].options)[:9]))
    assert len(said(at)) == 1
    assert at.session_state["lab.kernels"] == ("sobel_x",)


def test_a_link_to_another_users_photo_says_so_and_shows_the_sample():
    at = lab(link="photo=on&picture=x&stride=2")
    (sentence,) = said(at)
    assert "Letter X" in sentence
    assert "“+ Own”" in sentence  # after a reload or a restart, the photo was one's own
    assert link(at) == "picture=x&stride=2"


def moved(at, page, **words):
    """Go to another page, by the row of pages or, with an address, by a step in the history."""
    at.switch_page(page)
    at.query_params = words
    return run_again(at)


def test_a_step_back_after_a_reload_gives_what_only_the_address_knows():
    at = open_page("pages/7_Pooling.py", link="picture=coins")
    moved(at, "pages/1_Lab.py", picture=["cat"], bias=["7"])
    assert link(at) == "picture=coins&bias=7"
    moved(moved(at, "pages/7_Pooling.py"), "pages/1_Lab.py", bias=["8"])
    assert link(at) == "picture=coins&bias=7"


def test_parameters_that_a_page_ignores_are_not_read_by_the_next():
    assert link(moved(lab(link="window=3&part=back"), "pages/5_Geometry.py")) == ""


def brought_back(query, **now):
    """Return bias and stride after a link is brought back; `now` was set since the last run."""
    bias = Number("lab.bias", "Bias", 0, low=-255, high=255)
    stride = Number("lab.stride", "Stride", 1, low=1, high=8)
    kept = {"lab.bias": 0, "lab.stride": 1}
    session = {"cnnviz.kept": kept, **kept, **{f"lab.{name}": now[name] for name in now}}
    with patch.object(streamlit, "session_state", session):
        restore_link([bias, stride], query)
        restore([bias, stride])
    return session["lab.bias"], session["lab.stride"]


def test_a_link_that_is_brought_back_gives_what_the_session_has_lost():
    assert brought_back("bias=7&stride=2") == (7, 2)


def test_live_changes_in_the_meantime_are_not_undone():
    assert brought_back("bias=7&stride=2", bias=8) == (8, 2)


def test_settings_of_a_lost_session_return_when_their_page_is_opened():
    bias = Number("lab.bias", "Bias", 0, low=-255, high=255)
    session = {"cnnviz.page": "pooling", "cnnviz.kept": {}}
    with patch.object(streamlit, "session_state", session):
        restore_elsewhere({"": "bias=7"})
        enter("")
        restore([bias])
    assert session["lab.bias"] == 7


def test_copying_a_link_with_an_own_photo_says_what_it_leaves_out():
    mine = lab(photo=np.zeros((40, 40, 3), np.uint8))
    assert "without your photo" in without(mine)
    assert "Send the photo as a file" in without(mine)
    assert without(lab()) == ""


def test_copying_a_link_without_room_for_the_tasks_says_so():
    texts = [b64encode(random.Random(i).randbytes(375)).decode() for i in range(12)]
    sheet = Sheet("", tuple(Task("lab", text, (Is("stride", ("2",)),)) for text in texts))
    at = open_page("pages/1_Lab.py", {"lab.sheet": sheet.packed(), "lab.task": 1})
    assert "sheet=" not in link(at)
    assert without(at).endswith("opens with no tasks. Send their file too.")


def test_a_link_that_leaves_out_two_things_names_both_and_what_helps():
    network = frame.LeftOut("your network", "the digits network", "Send the network as a file too.")
    assert frame.without((), frame.PHOTO, None, network) == (
        "Copied, but without your photo and your network, which no link can carry: the link opens "
        "with a sample picture and the digits network. Send the photo as a file too, or choose a "
        "sample first. Send the network as a file too."
    )
