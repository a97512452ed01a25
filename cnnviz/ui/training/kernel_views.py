"""Panes and sentences for a lesson of one kernel."""

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.functional.checks import count_of
from cnnviz.kernels import Kernel
from cnnviz.nn import KernelFitting
from cnnviz.ui.chain import panes
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.maps.message import Arithmetic
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.training.curves import brief
from cnnviz.ui.widgets.formatting import number

SLOW = 300  # steps after which an unfinished lesson is called slow
TITLES = ("Target", "Learned", "Difference")


def fitting_run(fitting: KernelFitting, target: Kernel, picture: NDArray[np.uint8]) -> Run:
    """Return the run of the target and of the current kernel on the picture that it learns from.

    Its pixels have mean 0 and variance 1, so that the difference of the maps is the error.
    """
    learned = Kernel("learned", "own", fitting.kernel)
    recipes = [
        Recipe(kernel, padding="valid", activation="none", pooling="none")
        for kernel in (replace(target, name="target"), learned)
    ]
    mean, spread = moments(picture)
    black, white = (0 - mean) / spread, (255 - mean) / spread
    return run(Input(fitting.picture, picture, black, white), recipes)


def moments(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the mean and standard deviation of a picture."""
    return float(picture.mean()), float(picture.std())


def map_panes(given: Run) -> list[Pane]:
    """Return the picture, the target map, the current map, and their difference.

    The last three have the colours of the target map.
    """
    picture, first, *_ = panes.panes(given)
    second = next(p for p in panes.panes(given) if p.chain == 1 and p.role == "activation")
    first = replace(first, title="Target map", file="target_map", role="activation")
    # As maps of the activation "none", both have the numbers of the convolution, but do not show
    # its kernel, which is above. The stage determines the colour scale: only the target sets it.
    second = replace(
        second, title="Learned map", slot=2, file="learned_map", alt="The map as it is"
    )
    apart = Pane(
        2,
        "Difference",
        "The learned map minus the target map",
        second.values - first.values,
        first.fields,
        scale=first.scale,
        slot=3,
        file="difference",
    )
    return [replace(picture, title="Picture"), first, second, apart]


def kernel_panes(fitting: KernelFitting) -> list[Pane]:
    """Return the target, the current kernel, and their difference, in the target's colours."""
    matrices = (fitting.target, fitting.kernel, fitting.kernel - fitting.target)
    return [
        Pane(
            min(slot, 2),  # the first stage sets the colour scale
            f"{title} kernel" if slot < 3 else "Difference of the weights",
            f"The weights, {title.lower()}",
            values,
            scale="weights",
            slot=slot,
            file=f"{title.lower()}_kernel",
        )
        for slot, (title, values) in enumerate(zip(TITLES, matrices, strict=True), 1)
    ]


def arithmetic(given: Run) -> Arithmetic:
    """Return the arithmetic for the browser: the same cell of both maps."""
    return replace(panes.arithmetic(given), linked=True, start_stage=2)


def status(fitting: KernelFitting) -> str:
    """Report the progress of a lesson."""
    return (
        f"Step {len(fitting.history)} · loss {brief(fitting.loss)} · "
        f"weights off by at most {brief(fitting.distance)}"
    )


def verdict(fitting: KernelFitting, most: int) -> tuple[Literal["good", "bad", "so"], str]:
    """Return a verdict on a lesson, if any, and whether it is good."""
    steps, precision = len(fitting.history), number(fitting.precision)
    if fitting.reached and steps:
        return "good", (
            f"Reached: after {count_of(steps, 'step')} every weight is within "
            f"{precision} of its target."
        )
    if fitting.diverged:
        times = brief((fitting.loss / fitting.history[0].loss) ** 0.5)
        return "bad", (
            f"Diverged: after {count_of(steps, 'step')} the error is {times} times what it was. "
            "Each step goes past the goal and lands further away than it began. Take a smaller "
            "learning rate, and reset."
        )
    if steps and fitting.loss > 2 * max(moment.loss for moment in fitting.history[:1]):
        return "bad", (
            "Diverging: the loss grows. Each step goes past the goal and lands further away than "
            "it began. Take a smaller learning rate."
        )
    if fitting.ambiguous and steps:
        return "so", (
            "The maps agree, the weights do not: the windows of this picture differ in "
            f"{count_of(fitting.directions, 'independent way')} only, and there "
            f"{'is' if fitting.target.size == 1 else 'are'} "
            f"{count_of(fitting.target.size, 'weight')}. Several kernels give this map, and "
            "nothing tells them apart. Take another picture."
        )
    if steps >= most:
        return "so", f"Stopped after {count_of(steps, 'step')}; the weights are not there yet."
    if steps >= SLOW:
        slow = f"Slow: after {steps} steps a weight is still off by {brief(fitting.distance)}. "
        if fitting.method == "whitened":
            rate = fitting.learning_rate
            left = f"|1 − {number(rate)}| = {number(abs(1 - rate))}"
            return "so", (
                f"{slow}Each step leaves {left} of the gap; a learning rate nearer 1 leaves less."
            )
        return "so", (
            f"{slow}Pixels side by side are nearly alike, so their weights can be traded for one "
            "another and the map hardly changes. Momentum makes up for some of that, Gauss–Newton "
            "for all."
        )
    return "so", ""
