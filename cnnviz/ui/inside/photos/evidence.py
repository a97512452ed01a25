"""The evidence for a class: its class map, which is exact, and three estimates from outside."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.nn import grad_cam, saliency
from cnnviz.nn.inspection.class_map import ClassMap, class_map
from cnnviz.nn.inspection.occlusion import Covering
from cnnviz.nn.stacks.squeezenet import SIDE
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos import occlusion
from cnnviz.ui.inside.photos.occlusion import Occlusion
from cnnviz.ui.inside.photos.run import PhotoRun, run
from cnnviz.ui.inside.photos.settings import LAYER, OVER
from cnnviz.ui.inside.settings import CLASS
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.maps.panes import ITSELF, Colouring, Fields, Pane
from cnnviz.ui.network import unit
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.formatting import literal, number
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.transport import follow

NAMES = ("Photo", "Class map", "Grad-CAM", "Saliency", "Occlusion")
_KEPT = f"{PAGE}:photo_evidence"


class PhotoEvidence(NamedTuple):
    """The evidence for a class: the class map (13, 13) and the score; two maps (224, 224)."""

    exact: ClassMap
    gradients: NDArray
    slopes: NDArray


def found(made: PhotoRun) -> PhotoEvidence:
    """Return the evidence for the chosen class; cached until another one is chosen."""
    key = made.key, made.asked, LAYER.value
    kept = state().get(_KEPT)
    if kept is None or kept[0] != key:
        kept = key, _found(made, made.asked, LAYER.value)
        state()[_KEPT] = kept
    return kept[1]


def _found(made: PhotoRun, label: int, layer: str) -> PhotoEvidence:
    slopes = saliency(made.network, made.image, label)
    which = abs(slopes).argmax(axis=0)
    exact = class_map(made.made, label)
    return PhotoEvidence(
        exact._replace(evidence=exact.evidence.copy()),  # does not keep the maps of all classes
        grad_cam(made.network, made.image, label, layer=made.network.names.index(layer)),
        np.take_along_axis(slopes, which[None], axis=0)[0],
    )


def to_hand_out(made: PhotoRun) -> Callable[[], list[Pane]]:
    """Return a function that makes the evidence maps for the current settings, for later downloads.

    Occlusion is included as far as the photo has been covered.
    """
    label, layer = made.asked, LAYER.value
    last: Occlusion | None = state().get(occlusion.SESSION)
    covered = last.made if last and last.key == made.key else None

    def made_now() -> list[Pane]:
        shown = _panes(made, label, _found(made, label, layer), covered)
        return shown if covered else shown[:-1]

    return made_now


def panes(made: PhotoRun, evidence: PhotoEvidence, covered: Occlusion) -> list[Pane]:
    """Return the photo and all evidence as maps of one board, one per slot."""
    return _panes(made, made.asked, evidence, covered.made, over=OVER.value)


def _panes(
    made: PhotoRun,
    label: int,
    evidence: PhotoEvidence,
    covered: Covering | None,
    *,
    over: bool = False,
) -> list[Pane]:
    name = made.classes[label]
    levels = np.ascontiguousarray(made.pixels.transpose(2, 0, 1))
    photo = Pane(0, "Photo", "The photo that goes in", levels, picture=levels, file="photo")
    falls = covered.fall(label) if covered else np.zeros((4, 4), np.float32)
    size = SIDE // len(falls)
    patch = ReceptiveField(size, size, 0)
    last = made.rows[made.network.names.index("relu10")].fields
    return [
        photo,
        _pane(1, name, evidence.exact.evidence, last, over),
        _pane(2, name, evidence.gradients, over=over),
        _pane(3, name, evidence.slopes, over=False),
        _pane(4, name, falls, (patch, patch), over),
    ]


def _pane(
    slot: int,
    name: str,
    values: NDArray,
    fields: Fields = ITSELF,
    over: bool = False,
) -> Pane:
    title = NAMES[slot]
    file = title.lower().replace(" ", "_")
    return Pane(
        slot, title, f"{title} of {name}", values, fields, scale=title, file=file, over=over
    )


def packed(made: PhotoRun) -> tuple[str, Packed]:
    """Return all maps of the board as one message."""
    return boards.packed(PAGE, panes(made, found(made), occlusion.session(made)), Colouring())


def draw_maps() -> None:
    """Draw the slots for the maps."""
    boards.block(*((PAGE, slot, name) for slot, name in enumerate(NAMES)))


def draw_bench(everything: Sequence[Setting], made: PhotoRun) -> None:
    """Draw the choice of the class, and its evidence; occlusion runs in its own fragment."""
    frame.stage_title("", "Evidence for")
    CLASS.select(made.classes, "Its answer", label_visibility="collapsed")
    OVER.toggle()
    LAYER.select()
    answer([made], everything)


@st.fragment
def answer(fresh: list[PhotoRun], everything: Sequence[Setting]) -> None:
    """Cover the next patches, and draw the evidence."""
    if not fresh:
        follow(everything)
    made = fresh.pop() if fresh else run()
    covering = occlusion.session(made)
    covering.advance()
    boards.show(*packed(made))
    bar = st.container()
    draw_words(made)
    with bar:
        covering.transport(f"{PAGE}:occlusion:transport")


def draw_words(made: PhotoRun) -> None:
    """Explain each map, and how the class map adds up to the score."""
    name, score = literal(made.classes[made.asked]), number(found(made).exact.score, 5)
    frame.say(
        f"**Class map**: after its ReLU, the last convolution has a map for **{name}** of 13 × 13 "
        f"cells, and their mean is its score, {score}. So this evidence is exact: it is "
        "class activation mapping (Zhou et al., 2016)."
    )
    unit.write(f"{PAGE}:mean", unit.arithmetic(made, Cell("mean", made.asked, 0, 0)))
    st.caption(
        "**Grad-CAM** weights the maps of a layer by how much each would raise the score. "
        "**Saliency**: how much the score changes with each pixel; red if brighter raises it. "
        "**Occlusion**: by how much the score falls if a patch is covered with grey."
    )
