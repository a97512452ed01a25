"""A user's sample for their network: an input, and the output of their own program."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import isfinite, prod

import streamlit as st

from cnnviz.nn import ModelError
from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.nn.formats.sample import Comparison, NetworkSample, compared, pasted, read_sample
from cnnviz.nn.inspection.classifiers import check_cost
from cnnviz.ui.network.choice import PAGE
from cnnviz.ui.network.opened import OpenedModel
from cnnviz.ui.server.streamlit_patches.private import drop_upload, uploads
from cnnviz.ui.widgets.formatting import grouped, literal, number

_SAMPLE = f"{PAGE}:sample"
_PASTED = f"{PAGE}:pasted"
_COMPARED = f"{PAGE}:compared"
LONGEST = 32  # characters of a number and of the separator after it
_UPLOADS = f"{PAGE}:samples"  # session key: how many have been uploaded
KEPT = (_SAMPLE, _PASTED, _COMPARED)  # session key of the sample for the open network


@contextmanager
def kept() -> Iterator[None]:
    """Keep the sample while the same file is read again."""
    sample = st.session_state.get(_SAMPLE)
    yield
    if sample is not None:
        st.session_state[_SAMPLE] = sample


def draw(made: OpenedModel) -> None:
    """Draw the upload of an input with its output, and the network's deviation from it."""
    network = made.model.network
    sizes = prod(network.input_shape), prod(network.summary()[-1].output_shape)
    key = f"{_SAMPLE}:upload:{made.file}:{st.session_state.setdefault(_UPLOADS, 0)}"
    st.file_uploader(
        "A sample: an npz file with the input, x, and the output, y",
        key=key,
        max_upload_size=MAX_FILE // 2**20,
        on_change=_take_file,
        args=(key,),
    )
    st.text_area(
        "Or its numbers: the whole input, then the whole output",
        key=_PASTED,
        height=80,
        on_change=_take_numbers,
        args=sizes,
    )
    sample = st.session_state.get(_SAMPLE)
    if isinstance(sample, str):
        st.error(literal(sample))
    elif sample is not None:
        last = st.session_state.get(_COMPARED, (None, None, ""))
        if last[0] is not made or last[1] is not sample:
            last = st.session_state[_COMPARED] = made, sample, _comparison(made, sample)
        st.markdown(last[2])


def _comparison(made: OpenedModel, sample: NetworkSample) -> str:
    try:
        check_cost(made.model.network)  # if weights are NaN, only a part of the network is shown
        return compared_sentence(compared(made.model, sample))
    except ValueError as error:
        return literal(str(error))


def compared_sentence(found: Comparison) -> str:
    """Say how far a network's output deviates from a sample."""
    ends = {
        "output": "",
        "scores": " before its last layer",
        "shares": " after a softmax, which your program has and this file lacks",
        "logarithms": " in the logarithms of the shares",
    }
    if not isfinite(found.largest):
        return (
            "A number of the sample is infinite, or becomes infinite in this network. Is x exactly "
            "its input, scaled as in your program?"
        )
    largest = f"The largest difference is **{number(found.largest, 2)}**{ends[found.end]}"
    if found.same:
        return f"{largest}: this is your network."
    return (
        f"{largest}, and the largest of your numbers {number(found.scale, 3)}: this is not yet "
        "your network. Is x exactly its input, scaled as in your program?"
    )


def _take_file(key: str) -> None:
    for file in uploads(key):
        st.session_state[_UPLOADS] += 1
        data = file.getvalue()
        drop_upload(file.file_id)
        _take(partial(read_sample, data))


def _take_numbers(inputs: int, outputs: int) -> None:
    if text := st.session_state[_PASTED]:
        _take(lambda: _pasted(text, inputs, outputs))
    else:
        st.session_state.pop(_SAMPLE, None)


def _pasted(text: str, inputs: int, outputs: int) -> NetworkSample:
    if len(text) > LONGEST * (inputs + outputs + 100):  # reading millions would slow everybody down
        raise ModelError(
            f"The text has {grouped(len(text))} characters, too many for the "
            f"{grouped(inputs + outputs)} numbers that are needed."
        )
    sample = pasted(text, outputs)
    given = sample.x.size + sample.y.size
    if given != inputs + outputs:
        these = "This is one number" if given == 1 else f"These are {grouped(given)} numbers"
        last = "one that comes" if outputs == 1 else f"{grouped(outputs)} that come"
        raise ModelError(
            f"{these}; {grouped(inputs + outputs)} are needed: the {grouped(inputs)} that go in, "
            f"then the {last} out."
        )
    return sample


def _take(read: Callable[[], NetworkSample]) -> None:
    try:
        st.session_state[_SAMPLE] = read()
    except ModelError as error:
        st.session_state[_SAMPLE] = str(error)
