"""A network from the user's own file: open it, and add what the file does not say."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import streamlit as st

from cnnviz.nn import ModelError
from cnnviz.nn.formats.class_names import class_names
from cnnviz.nn.formats.model import Wanted
from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.nn.inspection.classifiers import Viewed
from cnnviz.nn.inspection.scales import SCALES
from cnnviz.ui.inside import own_sample
from cnnviz.ui.network.choice import PAGE
from cnnviz.ui.network.opened import OpenedModel, keep, opened, opened_again, opened_file
from cnnviz.ui.network.uploading import refuse, uploader
from cnnviz.ui.widgets.formatting import grouped_count, literal, together
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.setting_kinds import Choice

OTHER = f"{PAGE}:other"
CLASS_NAMES = f"{PAGE}:class_names"
SHOWN = f"{PAGE}:shown_file"  # session key of the file that the settings belong to
_ERROR = f"{PAGE}:file_error"
_SIZE = f"{PAGE}:size"
_LAYOUT = f"{PAGE}:layout"
_CONFIRMED = f"{PAGE}:confirmed"
SIZE = re.compile(r"\s*(\d{1,4})(?:\s*[x×*, ]\s*(\d{1,4}))?\s*")
MOST_TEXT = 40_000  # characters of class names

SCALE = Choice(
    f"{PAGE}.scale",
    "Pixel values scaled to",
    "0–1",
    "As in the training: from 0 to 1, from 0 to 255, from −1 to 1, or by mean and spread of the "
    "photos of ImageNet.",
    options={name: name for name in SCALES},
)
ORDER = Choice(
    f"{PAGE}.order",
    "Order of the colours",
    "rgb",
    "As in the training. Programs that read pictures with OpenCV often put blue first.",
    options={"rgb": "Red first", "bgr": "Blue first"},
)


class Said(NamedTuple):
    """What the user has told us about a file because the file does not say it."""

    scale: str
    order: str
    names: str = ""
    confirmed: bool = False


class Other(NamedTuple):
    """The second open file, and what the user has said about it."""

    made: OpenedModel
    said: Said

    def viewed(self) -> Viewed:
        """Its network."""
        return _viewed(self.made, self.said)


def viewed_file(made: OpenedModel) -> Viewed:
    """Return the network of the open file, with the chosen scale and class names."""
    return _viewed(made, _said_of(made))


def _viewed(made: OpenedModel, said: Said) -> Viewed:
    return made.viewed(said.scale, said.order == "bgr", class_names(said.names))


def _said_of(made: OpenedModel) -> Said:
    """Return what the user has said about a file: nothing if it was opened on the Layers page."""
    return _said() if state().get(SHOWN) is made else Said(made.model.scale, "rgb")


def _said() -> Said:
    values = state()
    names = str(values.get(CLASS_NAMES, ""))
    return Said(SCALE.value, ORDER.value, names, bool(values.get(_CONFIRMED)))


def _show(made: OpenedModel | None, said: Said | None = None) -> None:
    """Show this network, with what the user has said about it."""
    keep(made)
    st.session_state[SHOWN] = made
    said = said or Said(made.model.scale if made else "0–1", "rgb")
    SCALE.set(said.scale)
    ORDER.set(said.order)
    st.session_state[CLASS_NAMES] = said.names
    st.session_state[_CONFIRMED] = said.confirmed
    for key in (_SIZE, _LAYOUT, _ERROR, *own_sample.KEPT):
        st.session_state.pop(key, None)


def controls() -> None:
    """Draw the control that opens a file, and the options of the open one."""
    uploader(
        PAGE,
        "Open a network",
        open_files,
        reading="Reading the network…",
        help="ONNX (with its .onnx.data), Keras (.keras, .h5), TensorFlow.js or Teachable "
        "Machine (zip), PyTorch weights (.pt, .pth), safetensors, or npz as this app hands "
        "it out.",
    )
    if error := st.session_state.get(_ERROR):
        st.error(literal(error))
    if made := opened_file():
        if st.session_state.get(SHOWN) is not made:  # it was opened on the Layers page
            _show(made)
        _draw_opened(made)
    st.caption(
        f"Up to {together(f'{MAX_FILE // 2**20} MB')}. It is read as plain numbers, nothing in it "
        "is run, and it stays in memory until you leave."
    )


def _draw_opened(made: OpenedModel) -> None:
    """Draw the facts about an opened file, and its options."""
    model = made.model
    channels, height, width = model.network.input_shape
    order = "channels last in the file, " if model.channels_last else ""
    numbers = sum(row.parameters for row in model.network.summary())
    st.caption(
        f"{literal(made.file)}: {model.kind}, pictures of {height} × {width} pixels, "
        f"{'colour' if channels == 3 else 'grey'}, {order}{grouped_count(numbers, 'parameter')}."
    )
    for note in model.notes:
        st.warning(literal(note))
    unsure = model.guessed and not state().get(_CONFIRMED)
    if unsure:
        st.info("Part of this was guessed. Compare the layers with your program, and change below "
                "what is not right.")  # fmt: skip
        st.button("It is my network", on_click=st.session_state.update, args=({_CONFIRMED: True},))
    with st.expander("Its input and its classes", expanded=unsure, key=f"{PAGE}:choices"):
        _draw_choices(made)
    with st.expander("Compare it with your program", key=f"{PAGE}:comparison"):
        own_sample.draw(made)
    _draw_files(made)


def _draw_choices(made: OpenedModel) -> None:
    """Draw the options that the user can set for a file."""
    model = made.model
    channels, height, width = model.network.input_shape
    if len(model.layouts) > 1:
        st.session_state.setdefault(_LAYOUT, model.layout)
        st.selectbox("Between the layers", model.layouts, key=_LAYOUT, on_change=_read_again)
    st.session_state.setdefault(_SIZE, f"{height} × {width}")
    st.text_input("Size of its pictures", key=_SIZE, max_chars=20, on_change=_read_again)
    SCALE.segments()
    if channels == 3:
        ORDER.segments()
    if model.kind != "npz":
        plain = SCALE.value == "0–1" and ORDER.value == "rgb"
        layer = "" if plain else " It is the first layer, “scale”."
        st.caption(f"Guessed from the file: {model.scale}.{layer}")
    st.text_area("Class names, one per line", key=CLASS_NAMES, height=80, max_chars=MOST_TEXT)


def _draw_files(made: OpenedModel) -> None:
    """Draw the buttons that close the open file and show the other one."""
    with st.container(horizontal=True):
        other = state().get(OTHER)
        if other:
            st.button(f"Show {literal(other.made.file)}", on_click=_swap)
        st.button(f"Close {literal(made.file)}", on_click=_close)


def draw_close() -> None:
    """Draw the button that closes the open file on a page that cannot be drawn with it."""
    if made := opened_file():
        # a separate key: the page may have drawn the usual button before it failed
        st.button(f"Close {literal(made.file)}", key=f"{PAGE}:close", on_click=_close)


def _swap() -> None:
    made, said, other = opened_file(), _said(), st.session_state[OTHER]
    _show(*other)
    st.session_state[OTHER] = Other(made, said)


def _close() -> None:
    other = st.session_state.pop(OTHER, None)
    if other:
        _show(*other)
    else:
        _show(None)


def open_files(files: Mapping[str, bytes]) -> None:
    """Show the network of a file; the previous file stays open beside it."""
    now, other = opened_file(), st.session_state.get(OTHER)
    again = now is not None and now.file in files
    if now and other and not again:
        refuse(_ERROR, "Two networks are open; close one of them first.")
        return
    try:
        made = read(files, now if again else None)
    except ValueError as error:
        refuse(_ERROR, f"This file cannot be opened. {error}")
        return
    beside = Other(now, _said_of(now)) if now and not again else other
    _show(made)
    if beside:
        st.session_state[OTHER] = beside


def _read_again() -> None:
    """Read the file again, for the newly chosen size or layout."""
    made, said = opened_file(), _said()
    if made is None:
        return
    wanted = Wanted(made.wanted.size, st.session_state.get(_LAYOUT, made.model.layout))
    try:
        text = SIZE.fullmatch(st.session_state[_SIZE])
        if not text:
            raise ModelError("Write the size as 224, or as 160 × 120: height, then width.")
        size = int(text[1]), int(text[2] or text[1])
        if size != made.model.network.input_shape[1:]:
            wanted = Wanted(size, wanted.layout)
        with st.spinner("Reading the network…"):
            changed = opened_again(made, wanted)
            _check(changed, said)
    except ValueError as error:
        _show(made, said)
        refuse(_ERROR, str(error))
        return
    with own_sample.kept():
        _show(changed, said)


def read(files: Mapping[str, bytes], replaced: OpenedModel | None) -> OpenedModel:
    """Return the network in a file, reading the files beside it, too.

    `replaced` is the open file whose place it takes.

    Raises
    ------
    ValueError
        If it is not a network, or too large to compute while the user waits; the text says why.
    """
    made = opened(files, replaced=replaced)
    _check(made, Said(made.model.scale, "rgb"))
    return made


def _check(made: OpenedModel, said: Said) -> None:
    """Refuse a network that cannot run, or that gives infinite numbers, before showing it."""
    network = _viewed(made, said).network
    channels = network.input_shape[0]
    if channels not in (1, 3):
        raise ValueError(
            f"The network takes pictures of {channels} channels; only 1 (grey) or 3 (colour) can "
            "be shown here."
        )
    with np.errstate(all="ignore"):
        stages = network.stages(np.ones((1, *network.input_shape), np.float32))
    if not all(np.isfinite(stage).all() for stage in stages):
        raise ValueError("Its weights are so large that its numbers cannot be written down.")
