"""The scene of a page beside the page's own run: both must give the same bytes."""

import json
from contextlib import contextmanager
from copy import copy

import pytest
from streamlit.runtime.state import session_state_proxy

from cnnviz.nn import PRESETS, Block, format_stack
from cnnviz.ui.layers.stack_editor import StackText
from cnnviz.ui.server.live.requests import Request
from cnnviz.ui.widgets.drawing_pad import Drawing
from cnnviz.ui.widgets.live_page import PageScene
from cnnviz.ui.widgets.matrix_setting import Matrix
from cnnviz.ui.widgets.session_values import Reading
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Several, Switch
from tests.ui.pages import run_again

LARGEST = {
    "shared.size": 200,  # a larger size only takes longer
    "layers.side": 80,
}
# Steppers with limits that depend on other settings, so that no value can be drawn at random.
BOUNDED = ("geometry.grid", "geometry.kernel", "geometry.dilation", "geometry.stride")


def scene(at):
    """Return the scene of the session's current page."""
    return at.session_state["cnnviz.live"].scene


def drawn(at, **changes):
    """Return what the scene shows after changes, given as texts by key: bytes by receiver."""
    return {to: bytes(packed) for to, packed in scene(at)(Request(1, changes))}


@contextmanager
def without_session():
    """Let no code read or change a session."""

    def refuse():
        raise AssertionError("the session is none of a scene's business")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session_state_proxy, "get_session_state", refuse)
        yield


def reading(present):
    """Return the values that a scene was made with, as the scene reads them."""
    return Reading(dict(present.values), live=True)


def sent(at):
    """Return what the page's run has sent to each component, by receiver: bytes, or JSON."""
    found = [element.proto for element in at.get("bidi_component")]
    return {
        _key(proto): proto.bytes if proto.WhichOneof("data") == "bytes" else json.loads(proto.json)
        for proto in found
    }


def agree(at, changes):
    """Change settings in the scene and on the page; say whether they fitted.

    Afterwards the screen must hold what the page's run sends, and the scene's error message must be
    the page's. What the scene does not send again must be unchanged.
    """
    present, before = apart(scene(at)), sent(at)
    places = {to for part in present.parts for to, _ in part.compute(reading(present))[0]}
    try:
        with without_session():
            maps = {to: bytes(packed) for to, packed in present(Request(1, changes))}
        refused = None
    except ValueError as error:
        maps, refused = {}, str(error)
    values = {key: present.settings[key].understand(text) for key, text in changes.items()}
    run_again(at, values)
    run = sent(at)
    complaints = [element.value for element in at.error]
    if refused:
        assert any(refused in complaint for complaint in complaints), (refused, complaints)
        return False
    for to in places & run.keys() | maps.keys():  # another network may have other boards
        shown = maps.get(to, before.get(to))
        if isinstance(run[to], dict) and isinstance(shown, bytes):
            shown = json.loads(shown)
        assert run[to] == shown, f"{to} after {changes}"
    return True


def apart(present):
    """Return a copy of a scene that shares nothing with a run: it computes everything itself."""
    parts = [copy(part) for part in present.parts]
    return PageScene(list(present.settings.values()), parts, present.values)


def some_changes(at, rng, names):
    """Draw random values for one to three settings, as texts by key."""
    settings = {key: each for key, each in scene(at).settings.items() if key in names}
    keys = rng.choice(list(settings), size=rng.integers(1, 4))
    return {str(key): some_text(settings[str(key)], rng) for key in keys}


def changeable(at):
    """Return the keys of the settings for which `some_text` can draw values."""
    kinds = Number | Choice | Switch | Matrix | StackText | Drawing
    return [
        key
        for key, each in scene(at).settings.items()
        if isinstance(each, kinds)
        and each.CARRIED
        and not key.endswith((".lesson", ".part", ".task"))
        and not key.startswith((*BOUNDED, "geometry.pad", "geometry.mode"))
    ]


def some_text(setting, rng):
    """Return a random value of a setting, as a link writes it."""
    match setting:
        case Several():
            names = rng.choice(list(setting.options), size=rng.integers(1, 4), replace=False)
            return ",".join(names)
        case Choice():
            return str(rng.choice(list(setting.options)))
        case Switch():
            return str(rng.choice(["on", "off"]))
        case Number():
            high = min(setting.high, LARGEST.get(setting.key, setting.high))
            return setting.format(setting.nearest(rng.uniform(setting.low, high)))
        case Matrix():
            height, width = rng.integers(1, 5, 2)
            rows = rng.integers(-4, 9, (height, width))
            return ";".join(",".join(map(str, row)) for row in rows)
        case StackText():
            network = PRESETS[str(rng.choice(["three", "lenet5"]))].build(0)
            return format_stack([Block.of_layer(layer) for layer in network])
        case Drawing():
            points = rng.integers(0, 256, (4, 2))
            return "d" + "".join(f"{x:02x}{y:02x}" for x, y in points)
    raise TypeError(setting)


def _key(proto):
    """Return a component's receiver: the key that the page has given it, or the board of maps."""
    return proto.id.split("-", 2)[2].removesuffix(":maps")
