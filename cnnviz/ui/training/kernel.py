"""Teach one kernel: this part of the Training page, its session, drawing and sentences."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import DEFAULT_SAMPLE, SAMPLES, sample_picture
from cnnviz.kernels import Kernel
from cnnviz.nn import KernelFitting
from cnnviz.ui.export import downloads
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Colouring
from cnnviz.ui.network.layer_rows import times
from cnnviz.ui.training.chain_rule_views import draw_kernel_slope
from cnnviz.ui.training.curves import loss_curve
from cnnviz.ui.training.kernel_programs import fitting_programs
from cnnviz.ui.training.kernel_views import (
    arithmetic,
    fitting_run,
    kernel_panes,
    map_panes,
    moments,
    status,
    verdict,
)
from cnnviz.ui.training.settings import (
    METHOD_SENTENCES,
    PAGE,
    kernel_rates,
    method,
    noise,
    pace,
    pin,
    target,
)
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.curves import curves
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.session_values import is_live, state
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.slider import slider
from cnnviz.ui.widgets.transport import Stepwise, follow

LONGEST = 128  # pixels per side: the kernel learns as well from these, and every step is drawn
MOST_STEPS = 3000
MAPS = ("Picture", "Target map", "Learned map", "Difference")
WEIGHTS = f"{PAGE}:weights"
KERNEL_COLOURS = Colouring(table="kernel")
_SESSION = f"{PAGE}:kernel"  # session key


# The settings that define a lesson: when one of these changes, the lesson restarts and says so.
CHANGES = {
    "picture": "The picture was changed",
    "target": "The target was changed",
    "method": "The method was changed",
    "noise": "The random seed was changed",
}


class KernelSession(Stepwise):
    """A running lesson: a kernel that learns to imitate another one."""

    def __init__(self, made_of: dict[str, Any], kernel: Kernel, said: str = "") -> None:
        super().__init__(said)
        self.made_of, self.target = made_of, kernel
        self.picture, self.error = made_of["picture"], ""
        try:
            self.restart()
        except ValueError as error:  # the picture is too small or too uniform
            self.error = _too_small(self.picture.shape, kernel.weights.shape) or str(error)
            self.picture = grey(fit(sample_picture(DEFAULT_SAMPLE).pixels, LONGEST))
            title = SAMPLES[DEFAULT_SAMPLE].title
            self.error += f" So it learns from “{title}” instead."
            self.restart()

    def restart(self) -> None:
        """Start over from the same noise."""
        self.fitting = KernelFitting(
            self.picture,
            self.target.weights,
            method=self.made_of["method"],
            seed=self.made_of["noise"],
        )
        self.start = self.fitting.kernel.copy()

    @property
    def steps(self) -> int:
        """The number of steps taken."""
        return len(self.fitting.history)

    @property
    def at_a_time(self) -> int:
        """The number of steps between two redraws."""
        return int(pace.value)

    @property
    def over(self) -> bool:
        """Whether it has converged, as far as the picture allows, or diverged."""
        fitting = self.fitting
        arrived = fitting.reached or fitting.ambiguous
        return arrived or fitting.diverged or self.steps >= MOST_STEPS

    @property
    def status(self) -> str:
        """Step, loss and distance in one line."""
        return status(self.fitting)

    def step(self) -> None:
        """Take one step of gradient descent."""
        self.fitting.step()


def session() -> KernelSession:
    """Return the lesson for the current settings: the running one, or a new one."""
    kernel = target.kernel()
    made_of = {
        "picture": working_picture.grey_plane(LONGEST),
        "target": kernel.weights,
        "method": method.value,
        "noise": noise.value,
    }
    last: KernelSession | None = state().get(_SESSION)
    if last is None or _changed(last.made_of, made_of):
        last = KernelSession(made_of, kernel, _sentence(last, made_of))
        state()[_SESSION] = last
    return last


def at_rate() -> live_page.Steps[None]:
    """Apply the current learning rate to the running lesson, from its next step on."""
    made = state().get(_SESSION)
    if made and made.made_of["method"] == method.value:
        made.fitting.learning_rate = kernel_rates[method.value].value
    yield []


def _changed(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return the names of the settings of a lesson that have changed."""
    return [name for name in CHANGES if not np.array_equal(old[name], new[name])]


def _sentence(last: KernelSession | None, made_of: dict[str, Any]) -> str:
    if not last or not last.steps:
        return ""
    return f"{CHANGES[_changed(last.made_of, made_of)[0]]}, so it starts again from noise."


def _too_small(picture: Sequence[int], kernel: Sequence[int]) -> str:
    if all(cells >= size for cells, size in zip(picture, kernel, strict=True)):
        return ""
    return f"A picture of {times(picture)} pixels has no room for a kernel of {times(kernel)}."


def draw(everything: Sequence[Setting], regions: frame.Regions) -> Callable[[], None]:
    """Draw this part of the page; return the function that draws its buttons in the head."""
    with regions.maps:
        boards.block(*((PAGE, slot, name) for slot, name in enumerate(MAPS)), pin=pin)
    columns = frame.controls(3)
    with columns[0]:
        frame.stage_title(1, "Picture")
        slider(working_picture.SIZE)
    with columns[1]:
        frame.stage_title(2, "Target")
        target.controls()
    with columns[2]:
        frame.stage_title(3, "Learning")
        method.segments(label_visibility="collapsed")
        st.caption(METHOD_SENTENCES[method.value])
        slider(kernel_rates[method.value])
        with st.container(horizontal=True, gap="small"):
            noise.stepper()
            pace.segments(width="content")
    made = session()
    with columns[0]:
        st.caption(what_goes_in(made.picture))
    answer([made], everything)

    def buttons() -> None:
        given = fitting_run(made.fitting, made.target, made.picture)
        code = Code((KernelFitting,), fitting_programs(made.fitting, made.start))
        kernels = kernel_panes(made.fitting), KERNEL_COLOURS
        work = downloads.Work(given, map_panes(given), lambda: code, (kernels,))
        downloads.buttons(work, Colouring(), everything)

    return buttons


def what_goes_in(picture: NDArray[np.uint8]) -> str:
    """Say at which size the kernel learns, and how the pixels are prepared."""
    size = f"Trained at {LONGEST} px, so that every step can be shown. "
    mean, spread = map(number, moments(picture))
    return (
        f"{size if working_picture.SIZE.value > LONGEST else ''}Pixels are brought to mean 0 and "
        f"variance 1: (grey − {mean}) ÷ {spread}."
    )


@st.fragment
def answer(fresh: list[KernelSession], everything: Sequence[Setting]) -> None:
    """Take the next steps, and draw their results; the settings do not change meanwhile."""
    if not fresh:
        follow(everything)
    fresh.clear()
    page = live_page.Page(everything, also=[_SESSION])
    page.draw(at_rate)
    page.draw(steps)
    page.follow()


def steps() -> live_page.Steps[None]:
    """Take the next steps, and draw the lesson; the live channel takes no steps."""
    made = session()
    if not is_live():
        made.advance()
    fitting = made.fitting
    given = fitting_run(fitting, made.target, made.picture)
    kernels = boards.packed(WEIGHTS, kernel_panes(fitting), KERNEL_COLOURS)
    maps = boards.packed(PAGE, map_panes(given), Colouring(), arithmetic(given), pin)
    yield [maps, kernels]
    if made.error:
        st.error(made.error, icon=":material/straighten:")
    bar = st.container()
    say(made)
    boards.row(*((WEIGHTS, slot) for slot in (1, 2, 3)))
    boards.show(*kernels)
    losses = [moment.loss for moment in fitting.history]
    curves(key=f"{PAGE}:loss", data=loss_curve(losses, fitting.loss))
    boards.show(*maps)
    draw_kernel_slope(made.fitting)
    draw_verdict(made)
    with bar:
        made.transport(f"{PAGE}:kernel:transport")


def say(made: KernelSession) -> None:
    """Report the state of the lesson, or why it has restarted."""
    if made.said:
        st.info(made.said, icon=":material/restart_alt:")
    kind, sentence = verdict(made.fitting, MOST_STEPS)
    if sentence:
        {"good": st.success, "bad": st.error, "so": st.info}[kind](sentence)


def draw_verdict(made: KernelSession) -> None:
    """Say what to look for, and what to try."""
    frame.look_for(
        "The loss is the difference of the two maps, squared, averaged "
        "and divided by the mean square of the target map. "
        "Its slope tells each weight which way is down, and every step goes a little way in that "
        "direction. No one chooses the weights: they follow from the photo and from the target "
        "map. A network has no target map: its filters are learned in the same way from a single "
        "loss at its end."
    )
    frame.question(
        "One method, with the right learning rate, arrives in a single step. Find both.",
        made.fitting.reached and made.steps == 1,
        "A Gauss–Newton step closes a fraction of the gap equal to the learning rate, so a rate "
        "of 1 closes all of it. Above 1 it overshoots, and above 2 it diverges.",
    )
