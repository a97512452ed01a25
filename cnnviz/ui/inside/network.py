"""The network of the Inside page: one that comes with the app, one's own, or one from a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod

import numpy as np
import streamlit as st

from cnnviz.images.samples import DEFAULT_SAMPLE
from cnnviz.nn import Dataset, Evaluation, Row, Sequential, evaluate, pretrained
from cnnviz.nn.formats.door import MAX_FILE
from cnnviz.nn.formats.model import class_names
from cnnviz.nn.inspection.classifiers import classifier
from cnnviz.nn.inspection.inputs import held_out, subject_of
from cnnviz.nn.inspection.scales import SCALES
from cnnviz.ui.inside.opened import OpenedModel, opened
from cnnviz.ui.network.choice import NETWORK
from cnnviz.ui.network.own_network import own_network
from cnnviz.ui.widgets import picture_picker
from cnnviz.ui.widgets.settings import Choice, state
from cnnviz.ui.widgets.text import literal

PAGE = "inside"
MOST_TESTED = 2**25  # cells of a layer, for all held-out pictures together
FILE = f"{PAGE}:file"
CLASS_NAMES = f"{PAGE}:class_names"
_ERROR = f"{PAGE}:file_error"
_UPLOADS = f"{PAGE}:uploads"
_TESTED = f"{PAGE}:tested"

SCALE = Choice(
    f"{PAGE}.scale",
    "Pixels are brought to",
    "0–1",
    "As in the training: from 0 to 1, from 0 to 255, from −1 to 1, or by mean and spread of the "
    "photos of ImageNet.",
    options={name: name for name in SCALES},
)
KNOWN_SAMPLE = "coffee"
SHORTCOMINGS = {
    "own": "There is no network of yours yet: train one on the page Training, and it stands here.",
    "file": "No file is open yet.",
}


@dataclass(frozen=True)
class Subject:
    """A network under inspection.

    `network` ends with a softmax and knows its input shape and a name for each class; `data` is
    what it has learned from as far as is known, "digits", "shapes" or "".
    """

    name: str
    network: Sequential
    data: str

    @cached_property
    def rows(self) -> list[Row]:
        """The summary of its layers."""
        return self.network.summary()

    @property
    def held_out(self) -> Dataset | None:
        """Pictures of its kind that the networks of this app do not learn from."""
        return held_out(self.data) if self.data else None


def subject() -> Subject:
    """Return the network that is chosen, or the one of the digits where there is none yet."""
    name = NETWORK.value
    if name == "own" and (own := own_network()):
        return Subject("own", classifier(own.network), own.data)
    if name == "file" and FILE in state():
        return _of_file(state()[FILE])
    return shipped(name if name in ("digits", "shapes") else "digits")


@cache
def shipped(name: str) -> Subject:
    """Return a network that comes with the app."""
    return Subject(name, classifier(pretrained(name)), name)


def tested(given: Subject) -> Evaluation | None:
    """Return how well a network knows the held-out pictures of its kind, if there are any."""
    if given.held_out is None:
        return None
    if given.name == given.data:
        return _tested_shipped(given.name)
    kept = st.session_state.get(_TESTED)
    if kept is None or kept[0] is not given.network[0]:
        kept = given.network[0], evaluate(given.network, given.held_out)
        st.session_state[_TESTED] = kept
    return kept[1]


@cache
def _tested_shipped(name: str) -> Evaluation:
    given = shipped(name)
    return evaluate(given.network, given.held_out)


def controls() -> None:
    """Draw the choice of the network, and what opens a file."""
    NETWORK.segments(label_visibility="collapsed", on_change=_welcome)
    name = NETWORK.value
    if name == "file":
        # A new key empties the uploader, so that the uploaded bytes are not kept.
        key = f"{PAGE}:upload:{st.session_state.setdefault(_UPLOADS, 0)}"
        st.file_uploader(
            "Open a network",
            accept_multiple_files=True,
            max_upload_size=MAX_FILE // 2**20,
            key=key,
            on_change=_take,
            args=(key,),
            help="ONNX (with its .onnx.data), Keras (.keras, .h5), TensorFlow.js or Teachable "
            "Machine (zip), PyTorch weights (.pt, .pth), safetensors, or npz as this app hands "
            "it out.",
        )
        if error := st.session_state.get(_ERROR):
            st.error(error)
        if FILE in state():
            _draw_opened(state()[FILE])
        st.caption(
            f"Up to {MAX_FILE // 2**20} MB. It is read as plain numbers, nothing in it is run, and "
            "it stays in memory until you leave."
        )
    if name == "photos" and (missing := photos_missing()):
        st.error(f"{missing} You see the network of the digits instead.")
    elif name not in (subject().name, "photos"):
        st.info(f"{SHORTCOMINGS[name]} Until then you see the network of the digits.")


def photos_missing() -> str:
    """Say why the network that knows photos cannot be shown; empty if it can."""
    try:
        pretrained("photos")
    except ValueError as error:
        return str(error)
    return ""


def _welcome() -> None:
    """Begin with a photo of something that the network for photos knows well."""
    as_opened = not picture_picker.PHOTO.value and picture_picker.SAMPLE.value == DEFAULT_SAMPLE
    if NETWORK.value == "photos" and as_opened:
        picture_picker.SAMPLE.set(KNOWN_SAMPLE)


def _draw_opened(made: OpenedModel) -> None:
    """Draw what is known of an opened file, and what can be changed."""
    model = made.model
    channels, height, width = model.network.input_shape or (0, 0, 0)
    order = "channels last in the file, " if model.channels_last else ""
    st.caption(
        f"{literal(made.file)}: {model.kind}, pictures of {height} × {width} pixels, "
        f"{'colour' if channels == 3 else 'grey'}, {order}"
        f"{sum(row.parameters for row in model.network.summary()):,} weights."
    )
    for note in model.notes:
        st.warning(literal(note))
    SCALE.segments()
    if model.kind != "npz":
        layer = "" if SCALE.value == "0–1" else " It is the first layer, “scale”."
        st.caption(f"Guessed from the file: {model.scale}.{layer}")
    st.text_area("Class names, one a line", key=CLASS_NAMES, height=80, max_chars=40_000)


def _take(key: str) -> None:
    files = st.session_state[key]
    if files:
        st.session_state[_UPLOADS] += 1
        with st.spinner("The network is read…"):
            open_files({file.name: file.getvalue() for file in files})


def open_files(files: Mapping[str, bytes]) -> None:
    """Switch to the network in a file; a bad file leaves the current one."""
    try:
        made = read(files)
    except ValueError as error:
        st.session_state[_ERROR] = f"This file cannot be opened. {error}"
    else:
        st.session_state[FILE] = made
        st.session_state[CLASS_NAMES] = ""
        SCALE.set(made.model.scale)
        st.session_state.pop(_ERROR, None)


def read(files: Mapping[str, bytes]) -> OpenedModel:
    """Return the network in a file, with the files beside it.

    Raises
    ------
    ValueError
        If it is not a network, or too large to compute while the user waits; the text says why.
    """
    made = opened(files)
    network = made.network(made.model.scale)
    if network.input_shape[0] not in (1, 3):
        raise ValueError(
            f"The network takes pictures of {network.input_shape[0]} channels; there are 1 or 3."
        )
    _check_numbers(network)
    return made


def _of_file(made: OpenedModel) -> Subject:
    """Return the network of a file with the scale and the class names that are chosen."""
    names = class_names(str(state().get(CLASS_NAMES, "")))
    network = made.network(SCALE.value, names)
    return Subject("file", network, _data_of(network))


def _check_numbers(network: Sequential) -> None:
    """Refuse a network that produces infinite or undefined numbers, before it is shown."""
    with np.errstate(all="ignore"):
        stages = network.stages(np.ones((1, *network.input_shape), np.float32))
    if not all(np.isfinite(stage).all() for stage in stages):
        raise ValueError("Its weights are so large that its numbers cannot be written down.")


def _data_of(network: Sequential) -> str:
    """Return the data that a network fits, pictures and classes, or "".

    The pictures are run through it in one batch; where that takes too much memory, there is no
    data.
    """
    name = subject_of(network)
    if not name or network.input_shape != held_out(name).images.shape[1:]:
        return ""
    cells = max(prod(row.output_shape) for row in network.summary())
    return name if cells * len(held_out(name)) <= MOST_TESTED else ""
