import re
from functools import cache

import numpy as np
import pytest

from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.maps.boards import Pin
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Several, Switch
from tests.ui.apptest import SETTINGS, change, errors, figures, lab, maps

PICTURES = {"1 × 1": (1, 1), "1 × 500": (1, 500), "9 × 9": (9, 9), "1024 × 1024": (1024, 1024)}
EVERY = "9 × 9"  # this one is tried with all options, the others with the first and the last
TEXTS = ("1", "-1e6", "1e-300", "0 0 0", "1 " * 15, "1\n" * 15, ("7 " * 15 + "\n") * 15)
PINS = ("0,0,0,0", "3,99999,99999,99999")
# Sets each setting to its default, on a picture as large as possible.
DEFAULTS = {name: setting.default for name, setting in SETTINGS.items()} | {
    "photo": True,
    "size": 1024,
}
# The settings that must be chosen for another one to matter.
NEEDED = {
    "own": {"kernels": ("own",)},
    "pad": {"padding": "number"},
    "stride_across": {"separate": True},
    "dilation_across": {"separate": True},
    "include_pad": {"pooling": "average", "pool_padding": 1},
    "bias_1": {"values": "1"},
    "channels": {"colour": "colour"},
    **{f"pad_{side}": {"padding": "sides"} for side in ("top", "bottom", "left", "right")},
}


def extremes(setting):
    if isinstance(setting, Number):
        return setting.low, setting.high
    if isinstance(setting, Several):
        return *((name,) for name in setting.options), tuple(setting.options)[: setting.most]
    if isinstance(setting, Choice):
        return tuple(setting.options)
    if isinstance(setting, Switch):
        return True, False
    return PINS if isinstance(setting, Pin) else TEXTS


def needed(name):
    owner = name.split(".")[0]
    if owner in SETTINGS["activation"].options:
        return {"activation": owner}
    return {"kernels": (owner,)} if "." in name else NEEDED.get(name, {})


@cache
def page(picture):
    photo = np.random.default_rng(0).integers(0, 256, (*PICTURES[picture], 3), np.uint8)
    return lab(photo=photo)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("name", [name for name in SETTINGS if name not in ("picture", "photo")])
def test_every_setting_shows_maps_at_both_ends(name, picture):
    values = extremes(SETTINGS[name])
    for value in values if picture == EVERY else dict.fromkeys((values[0], values[-1])):
        assert_whole(change(page(picture), **DEFAULTS | needed(name) | {name: value}))


def assert_whole(at):
    """All four stages are on the screen in finite numbers, or a sentence with numbers says why."""
    panes = maps(at)
    assert {pane.header["stage"] for pane in panes} == {0, 1, 2, 3}
    for pane in panes:
        shape, *numbers = figures(pane)
        assert shape == pane.plane.shape
        assert np.isfinite(numbers).all()
    assert len(errors(at)) <= 1
    assert all(re.search(r"\d", sentence) for sentence in errors(at))


def test_the_settings_under_test_are_those_of_the_page():
    kept = lab().session_state["cnnviz.kept"]
    of_tasks = {setting.key for setting in Progress("lab").settings}  # tried in ui/classroom
    assert set(kept) - of_tasks == {setting.key for setting in SETTINGS.values()}
