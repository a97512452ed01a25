"""Kernels: all of them on the picture at once, and what each is made of."""

import streamlit as st

from cnnviz.in_a_row import in_a_row
from cnnviz.kernels import compose, rank, separate, weight_sum
from cnnviz.ui import frame, maps, picker, settings, take_away
from cnnviz.ui import kernel_views as views
from cnnviz.ui.chain_maps import arithmetic, panes
from cnnviz.ui.chain_run import run
from cnnviz.ui.gallery import gallery
from cnnviz.ui.kernels import TITLES
from cnnviz.ui.look import LookSettings
from cnnviz.ui.one_kernel import NAMES, OneKernel, made
from cnnviz.ui.panes import Look
from cnnviz.ui.settings import Choice, restore

PAGE = "kernels"
one = OneKernel(PAGE, "sobel_x")
after = Choice(
    f"{PAGE}.then",
    "Then",
    "gaussian_3",
    "The kernel that works on the map of the first.",
    options={name: TITLES[name] for name in NAMES},
)
looks = LookSettings(PAGE)
pin = maps.Pin(f"{PAGE}.pin", "Pinned cell")
SETTINGS = (*picker.SETTINGS, *one.settings, after, *looks.settings, pin)
LARGE = "kernel-large"


def all_kernels() -> None:
    """Draw the gallery; only another picture or another choice changes it."""
    restore(SETTINGS)
    cards = views.cards(picker.picture().pixels)
    gallery(f"{PAGE}:gallery", cards, one.chosen.value, one.chosen.set, LARGE)


@st.fragment
def one_kernel() -> None:
    """Draw all that belongs to the chosen kernel; a change of a setting runs this alone."""
    restore(SETTINGS)
    frame.say_notices()
    with st.container(key=LARGE):
        head = frame.head(TITLES[one.chosen.value], "Taken apart: change it and look.", level=2)
    with st.container(key="stages"):
        controls, slots = st.columns(4, gap="medium"), st.columns(4, gap="medium")
    with controls[0]:
        frame.stage_title(1, "Input")
        picker.controls()
    with controls[1]:
        frame.stage_title(2, "Kernel")
        one.controls()
        # Behind a button, because a chart is drawn anew, slowly, with every move of a slider.
        frame.behind("See it as a landscape", f"{PAGE}:landscape", landscape)
    kernel = one.kernel()
    with controls[2]:
        frame.stage_title(3, "Feature map")
        st.markdown(f"{kernel.description} {views.sum_sentence(kernel)}")
    with controls[3]:
        frame.stage_title(4, "Frequency response")
        st.markdown(views.wave_sentence(kernel))
    for column, board, stage in zip(
        slots, (PAGE, f"{PAGE}:weights", PAGE, f"{PAGE}:waves"), (0, 0, 1, 0), strict=True
    ):
        with column:
            maps.slot(board, stage)
    result = run(picker.picture_input(), [views.alone(kernel)])
    shown = [pane for pane in panes(result) if pane.stage < 2]
    maps.show(PAGE, shown, looks.look(), arithmetic(result), pin)
    maps.show(f"{PAGE}:weights", [views.weights_pane(kernel)], Look("each", robust=False))
    maps.show(f"{PAGE}:waves", [views.response_pane(kernel)], Look("each", robust=False))

    st.html("<h3>Two passes instead of one</h3>")
    st.markdown(views.rank_sentence(kernel))
    both = in_a_row(result.input.values, *separate(kernel), kernel)
    compare("passes", both, ("Down, by the column", "Then across, by the row", "All at once"))

    st.html("<h3>Two kernels in a row are one kernel</h3>")
    after.select()
    whole = compose(kernel, made(after.value))
    named = f"{TITLES[one.chosen.value]}, then {TITLES[after.value]}"
    height, width = whole.shape
    st.markdown(
        f"{named}, is a single kernel of {height} × {width}. {views.sum_sentence(whole)} "
        "Layers without an activation between them are one layer."
    )
    both = in_a_row(result.input.values, kernel, made(after.value), whole)
    compare("composed", both, ("First", "Then", f"One {height} × {width} kernel"))
    question(kernel)
    with head:
        looks.controls()
        frame.link(SETTINGS)
        take_away.buttons(result, shown, looks.look(), settings.as_json(SETTINGS))


def landscape() -> None:
    """Draw the present kernel as a surface."""
    kernel = one.kernel()
    st.plotly_chart(
        views.surface(kernel),
        width=360,
        config={"displayModeBar": False},
        alt=f"The weights of {kernel.title} as a landscape.",
    )


def compare(name: str, both: views.Comparison, titles: tuple[str, str, str]) -> None:
    """Show two ways to a map, and how far they are apart."""
    for i, column in enumerate(st.columns(4, gap="medium")):
        with column:
            maps.slot(f"{PAGE}:{name}", i)
    maps.show(f"{PAGE}:{name}", views.comparison_panes(both, titles), looks.look())
    st.markdown(views.difference_sentence(both))


def question(kernel: views.Kernel) -> None:
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


frame.head("Kernels", "Every kernel on your picture. Click one to take it apart.")
all_kernels()
one_kernel()
