"""Pictures of a data set with a network's answer to each; users can choose one."""

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.nn import Dataset, Evaluation
from cnnviz.ui.maps.message import Blob
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import percent

_examples = component("examples")


def examples(
    key: str,
    data: Dataset,
    evaluation: Evaluation,
    which: NDArray[np.int64],
    chosen: int,
    choose: Callable[[object], None],
) -> None:
    """Show pictures with their answers; `choose` is called with the clicked one."""

    def take() -> None:
        choose(st.session_state[key].chosen)

    message = examples_message(data, evaluation, which, chosen)
    _examples(key=key, data=bytes(message), on_chosen_change=take)


def examples_message(
    data: Dataset, evaluation: Evaluation, which: NDArray[np.int64], chosen: int
) -> Packed:
    """Pack pictures into one message, each with the network's answer and the truth."""
    blob, items = Blob(), []
    for one in which.tolist():
        shares, truth = evaluation.shares[one], data.classes[data.labels[one]]
        answer = int(shares.argmax())
        said, sure = data.classes[answer], percent(float(np.nan_to_num(shares[answer])))
        levels = np.rint(255 * data.images[one, 0]).astype(np.uint8)
        items.append(
            {
                "number": one,
                "said": f"{said}, {sure}",
                "truth": f"is {truth}",
                "right": said == truth,
                "alt": f"Picture {one}: says {said}, {sure} sure; it is {truth}",
                "offset": blob.draw(levels),
            }
        )
    size = data.images.shape[2:]
    return blob.message({"items": items, "chosen": chosen, "size": size})
