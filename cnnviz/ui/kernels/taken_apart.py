"""One kernel taken apart: its map, its waves, its two passes, and the one it makes with another."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.composition import Comparison, compare_cascade
from cnnviz.kernels import Kernel, compose, rank, separate, weight_sum
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.kernels import views
from cnnviz.ui.kernels.settings import GALLERY, LARGE, PAGE, after, looks, one, pin
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Look, Pane
from cnnviz.ui.widgets import frame, live, picture_picker
from cnnviz.ui.widgets.kernel_picker import TITLES, catalogue_kernel


def draw_stages() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Draw the controls above the places of the maps; return the places for what is said of them.

    These are below the feature map's title and below that of the frequency response.
    """
    with st.container(key="stages"):
        controls, slots = st.columns(4, gap="medium"), st.columns(4, gap="medium")
    with controls[0]:
        frame.stage_title(1, "Input")
        picture_picker.controls()
    with controls[1]:
        frame.stage_title(2, "Kernel")
        one.controls()
        # Behind a button, because a chart is drawn anew, slowly, with every move of a slider.
        frame.in_popover("See it as a landscape", f"{PAGE}:landscape", landscape)
    with controls[2]:
        frame.stage_title(3, "Feature map")
    with controls[3]:
        frame.stage_title(4, "Frequency response")
    for column, board, stage in zip(
        slots, (PAGE, f"{PAGE}:weights", PAGE, f"{PAGE}:waves"), (0, 0, 1, 0), strict=True
    ):
        with column:
            boards.slot(board, stage, pin=pin if (board, stage) == (PAGE, 0) else None)
    return controls[2], controls[3]


def landscape() -> None:
    """Draw the present kernel as a surface."""
    kernel = one.kernel()
    st.plotly_chart(
        views.surface(kernel),
        width=360,
        config={"displayModeBar": False},
        alt=f"The weights of {kernel.title} as a landscape.",
    )


def answer(sums: DeltaGenerator, waves: DeltaGenerator) -> live.Steps[tuple[Run, list[Pane]]]:
    """Draw the map of the kernel, its weights and its frequency response."""
    kernel = one.kernel()
    result = run(picture_picker.picture_input(), [views.alone(kernel)])
    shown = [pane for pane in panes(result) if pane.stage < 2]
    own = Look("each", robust=False)
    maps = [
        boards.packed(PAGE, shown, looks.look(), arithmetic(result), pin),
        boards.packed(f"{PAGE}:weights", [views.weights_pane(kernel)], own),
        boards.packed(f"{PAGE}:waves", [views.response_pane(kernel)], own),
    ]
    yield maps
    with sums:
        st.markdown(f"{kernel.description} {views.sum_sentence(kernel)}")
    with waves:
        st.markdown(views.wave_sentence(kernel))
    for each in maps:
        boards.show(*each)
    return result, shown


class Compared(NamedTuple):
    """Two ways to a map, what their maps are called, and what is said of them."""

    both: Comparison
    titles: tuple[str, str, str]
    sentence: str


def two_passes() -> Compared:
    """Take the kernel apart into a column and a row."""
    kernel, values = one.kernel(), picture_picker.picture_input().values
    titles = ("Down, by the column", "Then across, by the row", "All at once")
    both = compare_cascade(values, *separate(kernel), kernel)
    return Compared(both, titles, views.rank_sentence(kernel))


def composed() -> Compared:
    """Make one kernel of the present one and another after it."""
    kernel, then = one.kernel(), catalogue_kernel(after.value)
    whole = compose(kernel, then)
    height, width = whole.shape
    named = f"{TITLES[one.chosen.value]}, then {TITLES[after.value]}"
    return Compared(
        compare_cascade(picture_picker.picture_input().values, kernel, then, whole),
        ("First", "Then", f"One {height} × {width} kernel"),
        f"{named}, is a single kernel of {height} × {width}. {views.sum_sentence(whole)} "
        "Layers without an activation between them are one layer.",
    )


def comparison(name: str, compare: Callable[[], Compared]) -> live.Steps[None]:
    """Show two ways to a map, and how far they are apart."""
    both, titles, sentence = compare()
    board = f"{PAGE}:{name}"
    maps = boards.packed(board, views.comparison_panes(both, titles), looks.look())
    yield [maps]
    st.markdown(sentence)
    boards.row(*((board, i) for i in range(4)))
    boards.show(*maps)
    st.markdown(views.difference_sentence(both))


def cards_of_sample() -> live.Steps[None]:
    """Let another sample picture change the gallery above at once."""
    sample, own = picture_picker.SAMPLE.value, picture_picker.PHOTO.value
    yield [] if own else [(GALLERY, views.cards_of_sample(sample, GALLERY, LARGE))]


def question(kernel: Kernel) -> None:
    """Ask for a kernel, and say whether the present one is it."""
    st.markdown(
        "**Try it.** Make a kernel of your own that answers 0 on flat areas and that two passes "
        "cannot replace. Press *Change its numbers* to begin with the present one."
    )
    if not one.is_own:
        return
    missing = [
        sentence
        for sentence, wrong in (
            (f"Its weights sum to {weight_sum(kernel):.4g}, not 0.", weight_sum(kernel) != 0),
            (f"Its rank is {rank(kernel)}: two passes replace it.", rank(kernel) < 2),
        )
        if wrong
    ]
    if missing:
        st.info(" ".join(missing))
    else:
        st.success(f"That is one: its weights sum to 0 and its rank is {rank(kernel)}.")
