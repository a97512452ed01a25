"""The Lab without a browser: run it with some settings, read what it sends and says."""

import json
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import numpy as np
from streamlit.testing.v1 import AppTest

from cnnviz.images.loading import Picture
from cnnviz.ui.chain.settings import ChainSettings
from cnnviz.ui.maps.boards import Pin
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.matrix_setting import Matrix
from cnnviz.ui.widgets.setting_kinds import Switch
from tests.message import unpacked

APP = Path(__file__).parents[2] / "app.py"
SETTINGS = {
    setting.name: setting
    for setting in (
        *working_picture.SETTINGS,
        *ChainSettings("lab").settings,
        *ColouringSettings("lab").settings,
        Switch("lab.channels", "Show each channel"),
        Pin("lab.pin", "Pinned cell"),
    )
}


class Map(NamedTuple):
    """A pane as the browser gets it: its entry in the header, and its plane."""

    header: dict
    plane: np.ndarray  # uint8 (H, W), or (3, H, W)


def lab(settings=None, *, link="", photo=None):
    """Run the app with settings by their names in links, a link, and the user's photo (H, W, 3)."""
    at = AppTest.from_file(str(APP), default_timeout=120)
    if photo is not None:
        at.session_state["cnnviz.photo"] = Picture.from_pixels(photo, "photo")
        at.session_state["shared.photo"] = True
    for name, words in parse_qs(link, keep_blank_values=True).items():
        at.query_params[name] = words
    return change(at, **(settings or {}))


def change(at, **settings):
    """Run the app again with other settings; no page may ever end in a traceback."""
    for name, value in settings.items():
        setting = SETTINGS[name]
        typed = isinstance(setting, Matrix) and isinstance(value, str)
        at.session_state[setting.key] = setting.parse(value) if typed else value
    at.run()
    assert not at.exception, at.exception[0].stack_trace
    return at


def components(at, name):
    """Return what the page has sent to the components of that name."""
    found = [element.proto for element in at.get("bidi_component")]
    return [proto for proto in found if proto.component_name == f"cnnviz_{name}"]


def link(at):
    """Return the query that the page writes into the address."""
    return json.loads(components(at, "link")[0].json)["query"]


def without(at):
    """Return what the page says that its link leaves out."""
    return json.loads(components(at, "link")[0].json)["without"]


def maps(at):
    """Return the maps of the page's one board."""
    (proto,) = components(at, "maps")
    return board(proto)[1]


def board(proto):
    """Return the header of a board, and its maps."""
    header, data = unpacked(proto.bytes)
    planes = np.frombuffer(data, np.uint8)
    found = []
    for pane in header["panes"]:
        shape = (pane["channels"], pane["height"], pane["width"])
        plane = planes[pane["offset"] :]
        if "which" in pane:  # with few distinct numbers, each cell has an index into them
            cells = np.frombuffer(planes[pane["which"] :], "<u2", count=np.prod(shape))
            plane = plane[cells]
        plane = plane[: np.prod(shape)].reshape(shape)
        found.append(Map(pane, plane[0] if len(plane) == 1 else plane))
    return header, found


def stages(at):
    """Return the maps of the board by stage: 0 the picture, 1 convolution, and so on."""
    return [[pane for pane in maps(at) if pane.header["stage"] == i] for i in range(4)]


def errors(at):
    """Return the page's error messages without the backslashes that Markdown needs."""
    return [spaced(re.sub(r"\\(\W)", r"\1", element.value)) for element in at.error]


def said(at):
    """Return the page's toasts."""
    return [element.value for element in at.toast]


def sentences(at):
    """Return the paragraphs below the maps as plain text, without direction marks."""
    marks = str.maketrans(
        "\N{NO-BREAK SPACE}", " ", "\N{LEFT-TO-RIGHT ISOLATE}\N{POP DIRECTIONAL ISOLATE}"
    )
    return [
        part.translate(marks) for element in at.markdown for part in element.value.split("\n\n")
    ]


RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


def spaced(text):
    """Return a text with plain spaces instead of no-break spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def value(text):
    """Read a number as the screen writes it: −1.5, 2.5·10⁻³, 12 983 with a thin space."""
    return float(text.translate(RAISED).replace("·10", "e").replace("\u202f", ""))


NUMBER = r"([\S\u202f]+)"
FIGURES = re.compile(rf"(.+) · {NUMBER} … {NUMBER} · mean {NUMBER} · (< |> )?(\d+) % zero")


def figures(pane):
    """Read the line below a map: shape, minimum, maximum, mean, and percentage of zeros."""
    size, low, high, mean, _, zeros = FIGURES.fullmatch(spaced(pane.header["figures"])).groups()
    shape = tuple(int(side) for side in size.split(" × "))
    return shape, value(low), value(high), value(mean), int(zeros)
