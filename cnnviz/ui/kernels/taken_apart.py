"""One kernel taken apart: its map, its waves, its two passes, and the one it makes with another."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.composition import Comparison, in_a_row
from cnnviz.kernels import Kernel, compose, rank, separate, weight_sum
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.kernels import views
from cnnviz.ui.kernels.settings import PAGE, SLIDERS, after, looks, one, pin
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Look, Pane
from cnnviz.ui.widgets import frame, picture_picker
from cnnviz.ui.widgets.kernel_picker import TITLES
from cnnviz.ui.widgets.one_kernel import made
from cnnviz.ui.widgets.slider import moves


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
        frame.behind("See it as a landscape", f"{PAGE}:landscape", landscape)
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


@st.fragment
def answer(
    sums: DeltaGenerator, waves: DeltaGenerator, taken_apart: DeltaGenerator
) -> tuple[Run, list[Pane]]:
    """Draw what follows from kernel and picture; a slider under the hand runs this alone."""
    kernel = one.kernel()
    with sums:
        st.markdown(f"{kernel.description} {views.sum_sentence(kernel)}")
    with waves:
        st.markdown(views.wave_sentence(kernel))
    result = run(picture_picker.picture_input(), [views.alone(kernel)])
    shown = [pane for pane in panes(result) if pane.stage < 2]
    with taken_apart:
        boards.show(PAGE, shown, looks.look(), arithmetic(result), pin)
        boards.show(f"{PAGE}:weights", [views.weights_pane(kernel)], Look("each", robust=False))
        boards.show(f"{PAGE}:waves", [views.response_pane(kernel)], Look("each", robust=False))
        st.html("<h3>Two passes instead of one</h3>")
        both = in_a_row(result.input.values, *separate(kernel), kernel)
        titles = ("Down, by the column", "Then across, by the row", "All at once")
        compare("passes", both, titles, views.rank_sentence(kernel))

    whole = compose(kernel, made(after.value))
    both = in_a_row(result.input.values, kernel, made(after.value), whole)
    height, width = whole.shape
    titles = ("First", "Then", f"One {height} × {width} kernel")
    named = f"{TITLES[one.chosen.value]}, then {TITLES[after.value]}"
    sentence = (
        f"{named}, is a single kernel of {height} × {width}. {views.sum_sentence(whole)} "
        "Layers without an activation between them are one layer."
    )
    compare("composed", both, titles, sentence)
    question(kernel)
    moves(PAGE, SLIDERS)
    return result, shown


def compare(name: str, both: Comparison, titles: tuple[str, str, str], sentence: str) -> None:
    """Show two ways to a map, and how far they are apart."""
    board = f"{PAGE}:{name}"
    st.markdown(sentence)
    boards.row(*((board, i) for i in range(4)))
    boards.show(board, views.comparison_panes(both, titles), looks.look())
    st.markdown(views.difference_sentence(both))


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
