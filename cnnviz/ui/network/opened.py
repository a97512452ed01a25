"""Networks from users' files: read in a separate process, limited in size, shared by the pages."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from threading import Lock
from weakref import WeakKeyDictionary

import streamlit as st

from cnnviz.nn import Model, ModelError, Sequential, read_model, viewed
from cnnviz.nn.formats.model import Wanted
from cnnviz.nn.formats.read_model import check_size, format_of
from cnnviz.nn.formats.sandbox import read_apart
from cnnviz.nn.inspection.classifiers import Viewed
from cnnviz.nn.inspection.scales import SCALES, scaled
from cnnviz.ui.widgets.formatting import writable
from cnnviz.ui.widgets.session_values import state

__all__ = ["FILE", "MAX_OPEN", "OpenedModel", "keep", "opened", "opened_again", "opened_file"]

FILE = "networks.file"
MAX_OPEN = 200 * 2**20  # bytes of all open files and their weights together
SMALLER = (224, 192, 160, 128, 96, 64, 32)  # pixels: sides to try where others take too long
OPEN_SIZE = (
    "The file does not say how large its pictures are, and {0} × {1} pixels would take too long to "
    "compute: {2} × {2} are used here."
)
STATED_SIZE = (
    "Pictures of {0} × {1} pixels would take too long to compute: {2} × {2} are used here, and the "
    "answers may differ."
)
BESIDE = (".data", ".bin")  # extensions of companion files
_open: "WeakKeyDictionary[Sequential, int]" = WeakKeyDictionary()  # bytes of each
_taking_room = Lock()  # two files opened at once must not both take the last room


@dataclass(frozen=True)
class OpenedModel:
    """A model from a file, with the networks built from it.

    `files` are the opened files, so that they can be read again when the user adds information that
    they lack; `wanted` is that information.
    """

    model: Model
    file: str
    files: Mapping[str, bytes]
    wanted: Wanted
    _made: dict[tuple[str, bool, tuple[str, ...]], Viewed] = field(default_factory=dict)

    def viewed(self, scale: str, blue_first: bool, classes: tuple[str, ...] = ()) -> Viewed:
        """Return the network for pixels from 0 to 1 in RGB order.

        Raises
        ------
        ValueError
            If the network cannot be shown; the text says why.
        """
        asked = (scale, blue_first, classes)
        made = self._made.get(asked)
        if made is None:
            network = scaled(self.model.network, scale, blue_first=blue_first)
            if classes:
                shape, names = network.input_shape, network.names
                network = Sequential(network, input_shape=shape, classes=classes, names=names)
            reason = "" if self.model.whole else self.model.notes[0]
            made = viewed(network, unanswered=reason)
            self._made.clear()
            self._made[asked] = made
        return made


def opened_file() -> OpenedModel | None:
    """Return the model of this session's open file, if any."""
    return state().get(FILE)


def opened(
    files: Mapping[str, bytes],
    wanted: Wanted | None = None,
    replaced: OpenedModel | None = None,
) -> OpenedModel:
    """Return the model in a file, given with its companion files.

    `replaced` is the open file whose place it takes.

    Raises
    ------
    ValueError
        If there is no network, or no room for it; the text says why.
    """
    mains = [name for name in files if not name.endswith(BESIDE)] or list(files)
    if len(mains) != 1:
        raise ModelError("Open one network at a time, with the files that belong to it.")
    check_size(*files.values())
    made = _read(mains[0], files, wanted or Wanted(), replaced)
    shape = made.model.network.input_shape or ()
    if len(shape) != 3 or _is_affordable(made.model.network, shape):
        return made
    return _smaller(made, shape)


def _is_affordable(network: Sequential, shape: tuple[int, ...]) -> bool:
    """Say whether a network can be shown for pictures of a shape."""
    try:
        viewed(Sequential(network, input_shape=shape))
    except ValueError:
        return False
    return True


def _smaller(made: OpenedModel, shape: tuple[int, ...]) -> OpenedModel:
    """Read a network that takes too long again, for the largest pictures that it can take.

    It stays as it is if no smaller size helps.
    """
    network, whole = made.model.network, made.model.whole
    channels, height, width = shape
    smaller = (side for side in SMALLER if side < max(height, width))
    side = next((side for side in smaller if _is_affordable(network, (channels, side, side))), 0)
    if not side:
        return made
    try:
        found = opened_again(made, replace(made.wanted, size=(side, side)))
    except ModelError:
        return made
    shape = found.model.network.input_shape or ()
    if found.model.whole != whole or shape[1:] != (side, side):
        return made  # weights for a stack of the user's keep its size
    said = OPEN_SIZE if made.model.guessed else STATED_SIZE
    notes = (*found.model.notes, said.format(height, width, side))
    smaller_one = replace(found.model, notes=notes, guessed=made.model.guessed)
    return replace(found, model=smaller_one) if _is_affordable(smaller_one.network, shape) else made


def opened_again(made: OpenedModel, wanted: Wanted) -> OpenedModel:
    """Read a file again, with new information from the user."""
    return _read(made.file, made.files, wanted, made)


def _read(
    name: str, files: Mapping[str, bytes], wanted: Wanted, replaced: OpenedModel | None
) -> OpenedModel:
    data = files[name]
    external = {other: files[other] for other in files if other != name}
    # Our own reader trusts nothing in a file; the parsers of the other formats are C code.
    if format_of(data) == "npz":
        model = read_model(data, external=external, wanted=wanted)
    else:
        model = read_apart(data, external, wanted)
    network = _with_writable_names(model.network)
    if not len(network):
        raise ModelError("The network has no layers.")
    arrays = network.parameters().values()
    size = sum(map(len, files.values())) + 4 * sum(each.size for each in arrays)
    _take_room(network, size, replaced)
    scale = model.scale if model.scale in SCALES and model.kind != "npz" else "0–1"
    return OpenedModel(replace(model, network=network, scale=scale), name, files, wanted)


def _take_room(network: Sequential, size: int, replaced: OpenedModel | None) -> None:
    """Count a network of `size` bytes as open, or raise ModelError."""
    limit = MAX_OPEN // 2**20
    if size > MAX_OPEN:
        raise ModelError(
            f"The network takes {ceil(size / 2**20)} MB with its file, but there is only room for "
            f"{limit} MB: open a smaller one."
        )
    with _taking_room:
        freed = _open.get(replaced.model.network, 0) if replaced else 0
        if sum(_open.values()) - freed + size > MAX_OPEN:
            gc.collect()  # an ended session is a reference cycle, whose networks still count
        if sum(_open.values()) - freed + size > MAX_OPEN:
            raise ModelError(
                f"The {limit} MB for open networks, yours and other people's, are full: close one "
                "of yours, or try again in a few minutes."
            )
        _open[network] = size


def _with_writable_names(network: Sequential) -> Sequential:
    return Sequential(
        network,
        input_shape=network.input_shape,
        classes=map(writable, network.classes),
        names=map(writable, network.names),
    )


def keep(made: OpenedModel | None) -> None:
    """Make a model the session's open file, or close the file."""
    if made is None:
        st.session_state.pop(FILE, None)
    else:
        st.session_state[FILE] = made
