"""A lesson of one kernel as panes and sentences."""

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.kernels import Kernel
from cnnviz.nn import KernelFitting
from cnnviz.ui.chain import panes
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.maps.message import Arithmetic
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.training.curves import brief
from cnnviz.ui.widgets.formatting import number

SLOW = 300  # steps, after which a lesson that is not there yet is called slow
TITLES = ("Target", "Learned", "Difference")


def fitting_run(fitting: KernelFitting, target: Kernel, picture: NDArray[np.uint8]) -> Run:
    """Return the target and the kernel as it is now, laid on the picture as it is learned from.

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
    """Return mean and standard deviation of a picture."""
    return float(picture.mean()), float(picture.std())


def map_panes(given: Run) -> list[Pane]:
    """Return the picture, the target map, the map as it is now, and their difference.

    The last three have the colours of the target map.
    """
    picture, first, *_ = panes.panes(given)
    second = next(p for p in panes.panes(given) if p.chain == 1 and p.role == "activation")
    first = replace(first, title="Target map", file="target_map", role="activation")
    # As maps of an activation, that is none, both have the numbers of the convolution, but not its
    # kernel, which stands above. The stage says who chooses the colours: the target alone.
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
    """Return the target, the kernel as it is now, and their difference, in the target's colours."""
    matrices = (fitting.target, fitting.kernel, fitting.kernel - fitting.target)
    return [
        Pane(
            min(slot, 2),  # the first stage chooses the colours
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
    """Return what the browser computes: the same cell of both maps."""
    return replace(panes.arithmetic(given), linked=True, start_stage=2)


def status(fitting: KernelFitting) -> str:
    """Say how far a lesson is."""
    return (
        f"Step {len(fitting.history)} · loss {brief(fitting.loss)} · "
        f"weights off by at most {brief(fitting.distance)}"
    )


def verdict(fitting: KernelFitting, most: int) -> tuple[Literal["good", "bad", "so"], str]:
    """Return a verdict on a lesson, if there is something to say, and whether it is good."""
    steps, precision = len(fitting.history), number(fitting.precision)
    if fitting.reached and steps:
        return "good", (
            f"Reached: after {steps} {'step' if steps == 1 else 'steps'} every weight is within "
            f"{precision} of its target."
        )
    if fitting.diverged:
        times = brief((fitting.loss / fitting.history[0].loss) ** 0.5)
        return "bad", (
            f"Diverged: after {steps} steps the error is {times} times what it was. Each step "
            "goes past the goal and lands further away than it began. Take a smaller learning "
            "rate, and reset."
        )
    if steps and fitting.loss > 2 * max(moment.loss for moment in fitting.history[:1]):
        return "bad", (
            "Diverging: the loss grows. Each step goes past the goal and lands further away than "
            "it began. Take a smaller learning rate."
        )
    if fitting.ambiguous and steps:
        return "so", (
            "The maps agree, the weights do not: the windows of this picture differ in "
            f"{fitting.directions} independent ways only, and there are {fitting.target.size} "
            "weights. Several kernels give this map, and nothing tells them apart. Take another "
            "picture."
        )
    if steps >= most:
        return "so", f"Stopped after {steps} steps; the weights are not there yet."
    if steps >= SLOW:
        return "so", (
            f"Slow: after {steps} steps a weight is still off by {brief(fitting.distance)}. "
            "Pixels side by side are nearly alike, so their weights can be traded for one another "
            "and the map hardly changes. Momentum makes up for some of that, Gauss–Newton for all."
        )
    return "so", ""
