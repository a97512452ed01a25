"""One kernel taken apart: its map, frequency response, two passes, and composition with another."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import streamlit as st

from cnnviz.experiments.composition import Comparison, compare_cascade
from cnnviz.kernels import Kernel, compose, rank, separate, weight_sum
from cnnviz.ui.chain.kernel_cards import alone
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.export.downloads import Work
from cnnviz.ui.kernels import views
from cnnviz.ui.kernels.programs import cascade_code
from cnnviz.ui.kernels.settings import PAGE, after, colours, one, pin
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Colouring, Pane
from cnnviz.ui.widgets import frame, live_page, theme, working_picture
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.kernel_picker import TITLES, catalogue_kernel
from cnnviz.ui.widgets.setting_kinds import Choice

GAIN = (
    "A picture is a sum of waves: stripes of every direction and width. The map shows by what "
    "factor the kernel multiplies each of them: its gain."
)


def draw_one(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw one kernel with its map, its weights and its frequency response."""
    with regions.maps:
        boards.block(
            (PAGE, 0, "Input"),
            (f"{PAGE}:weights", 0, "Kernel"),
            (PAGE, 1, "Feature map"),
            (f"{PAGE}:waves", 0, "Frequency response"),
            pin=pin,
        )
    with regions.bench:
        draw_controls(1, 2)
        return page.draw(answer)


def draw_controls(*numbers: int) -> None:
    """Draw the settings of the working picture and of the kernel: the maps with these `numbers`."""
    of_input, of_kernel = numbers or ("", "")
    controls = frame.controls(2)
    with controls[0]:
        frame.stage_title(of_input, "Input")
        working_picture.controls()
    with controls[1]:
        frame.stage_title(of_kernel, TITLES[one.chosen.value])
        one.controls()
        # Behind a button, because every move of a slider redraws a visible chart, which is slow.
        frame.in_popover("See it as a landscape", f"{PAGE}:landscape", landscape)


def draw_passes(page: live_page.Page, regions: frame.Regions) -> Work:
    """Compare the kernel as two passes with the kernel as one."""
    drawn = draw_comparison(page, regions, "passes", two_passes)
    with regions.bench:
        question(one.kernel())
    return drawn


def draw_composed(page: live_page.Page, regions: frame.Regions) -> Work:
    """Compare two kernels in sequence with the one kernel that equals them."""
    return draw_comparison(page, regions, "composed", composed, after)


def draw_comparison(
    page: live_page.Page,
    regions: frame.Regions,
    name: str,
    compare: Callable[[], "Compared"],
    second: Choice | None = None,
) -> Work:
    """Draw two ways to compute a map; `second` chooses the second kernel, if there is one."""
    with regions.maps:
        names = ("First", "Then", "All at once", "Difference")
        boards.block(*((f"{PAGE}:{name}", i, title) for i, title in enumerate(names)))
    with regions.bench:
        draw_controls()
        if second:
            second.select()
        return page.draw(comparison, name, compare)


def landscape() -> None:
    """Draw the current kernel as a surface."""
    kernel = one.kernel()
    st.plotly_chart(
        views.surface(kernel, dark=theme.is_dark()),
        width=360,
        config={"displayModeBar": False},
        alt=f"The weights of {kernel.title} as a landscape.",
    )


def computed() -> tuple[Run, list[Pane]]:
    """Return the run of the kernel on the picture, and the panes of both."""
    result = run(working_picture.picture_input(), [alone(one.kernel())])
    return result, [pane for pane in panes(result) if pane.stage < 2]


def answer() -> live_page.Steps[Work]:
    """Draw the map of the kernel, its weights and its frequency response."""
    kernel = one.kernel()
    result, shown = computed()
    weights = [views.weights_pane(kernel)], Colouring(robust=False, table="kernel")
    waves = [views.response_pane(kernel)], Colouring(robust=False)
    maps = [
        boards.packed(PAGE, shown, colours.chosen(), arithmetic(result), pin),
        boards.packed(f"{PAGE}:weights", *weights),
        boards.packed(f"{PAGE}:waves", *waves),
    ]
    yield maps
    for each in maps:
        boards.show(*each)
    frame.say(f"{kernel.description} {views.sum_sentence(kernel)}")
    frame.say(f"**Frequency response.** {GAIN} {views.wave_sentence(kernel)}")
    return Work(result, shown, others=(weights, waves))


class Compared(NamedTuple):
    """Two ways to compute a map, the titles of their maps, and a sentence about them.

    The kernels are those of the two steps, and the one that does both; `border` is why the two ways
    differ more at the border, if they may.
    """

    kernels: tuple[Kernel, Kernel, Kernel]
    both: Comparison
    titles: tuple[str, str, str]
    sentence: str
    border: str = ""


def two_passes() -> Compared:
    """Split the kernel into a column and a row."""
    kernel, values = one.kernel(), working_picture.picture_input().values
    titles = ("Down, by the column", "Then across, by the row", "All at once")
    kernels = (*separate(kernel), kernel)
    both = compare_cascade(values, *kernels)
    return Compared(kernels, both, titles, views.rank_sentence(kernel))


def composed() -> Compared:
    """Compose the current kernel with another after it."""
    kernel, then = one.kernel(), catalogue_kernel(after.value)
    whole = compose(kernel, then)
    height, width = whole.shape
    named = f"{TITLES[one.chosen.value]}, then {TITLES[after.value]}"
    kernels = (kernel, then, whole)
    return Compared(
        kernels,
        compare_cascade(working_picture.picture_input().values, *kernels),
        ("First", "Then", f"One {height} × {width} kernel"),
        f"{named}, is a single kernel of {height} × {width}. {views.sum_sentence(whole)} "
        "Layers without an activation between them are one layer.",
        views.BORDER,
    )


def comparison(name: str, compare: Callable[[], Compared]) -> live_page.Steps[Work]:
    """Show two ways to compute a map, and the difference of the results."""
    kernels, both, titles, sentence, border = compare()
    shown = views.comparison_panes(both, titles)
    maps = boards.packed(f"{PAGE}:{name}", shown, colours.chosen())
    yield [maps]
    frame.say(sentence)
    boards.show(*maps)
    frame.say(views.difference_sentence(both, border))
    result = computed()[0]
    return Work(result, shown, partial(cascade_code, *kernels, colour=result.input.colour))


def question(kernel: Kernel) -> None:
    """Ask for a kernel, and say whether the current one is right."""
    begin = "" if one.is_own else " Press *Change its numbers* to start from this kernel."
    frame.say(
        "**Try this.** Make a kernel of your own that gives 0 on flat areas and that two passes "
        f"cannot replace.{begin}"
    )
    if not one.is_own:
        return
    missing = [
        sentence
        for sentence, wrong in (
            (f"Its weights sum to {number(weight_sum(kernel))}, not 0.", weight_sum(kernel) != 0),
            (f"Its rank is {rank(kernel)}: two passes replace it.", rank(kernel) < 2),
        )
        if wrong
    ]
    if missing:
        st.info(" ".join(missing))
    else:
        st.success(f"That is one: its weights sum to 0 and its rank is {rank(kernel)}.")
