"""The controls, maps and measures for tasks on the Training page.

The state of a running training depends on chance and patience; a task asks for the result of the
settings, which is computed from the start.
"""

from math import isfinite

import numpy as np

from cnnviz.nn import KernelFitting, small_cnn
from cnnviz.ui.classroom.task_page import PICTURES, Control, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.training.kernel import LONGEST
from cnnviz.ui.training.network import parts
from cnnviz.ui.training.settings import (
    INITS,
    PAGE,
    SETTINGS,
    activation,
    batch,
    by_links,
    data,
    filters,
    init,
    kernel_rates,
    method,
    momentum,
    noise,
    norm,
    optimiser,
    pace,
    part,
    progress,
    rates,
    seed,
    target,
)
from cnnviz.ui.widgets import working_picture

MOST_STEPS = 150  # steps for which a check trains a kernel: half a second
LOST = 1e6  # a loss that counts as infinite
CONTROLS = {
    "picture": PICTURES["picture"],
    "size": PICTURES["size"],
    "part": Control("Part", (part,)),
    "target": Control("Target", (target.chosen, *target.offered.parameters.values())),
    "own": Control("Own target", (target.offered.own,)),
    "method": Control("Method", (method,)),
    "rate": Control("Learning rate of the kernel", tuple(kernel_rates.values())),
    "noise": Control("Random seed of the kernel", (noise,)),
    "pace": Control("Steps at a time", (pace,)),
    "data": Control("Pictures to learn from", (data,)),
    "filters": Control("Filters of the network", filters),
    "activation": Control("Activation", (activation,)),
    "init": Control("Initialisation", (init,)),
    "norm": Control("Batch normalisation", (norm,)),
    "optimiser": Control("Optimiser", (optimiser,)),
    "rates": Control("Learning rate of the network", tuple(rates.values())),
    "momentum": Control("Momentum", (momentum,)),
    "batch": Control("Batch size", (batch,)),
    "seed": Control("Seed of the network", (seed,)),
    "links": Control("Chain rule link by link", (by_links,)),
}


def fitted(most: int = MOST_STEPS) -> KernelFitting:
    """Return the kernel after the steps of a check, or once it has converged or diverged."""
    fitting = KernelFitting(
        working_picture.grey_plane(LONGEST),
        target.kernel().weights,
        method=method.value,
        learning_rate=kernel_rates[method.value].value,
        seed=noise.value,
    )
    while len(fitting.history) < most and not (fitting.reached or fitting.diverged):
        fitting.step()
    return fitting


def loss() -> float:
    """Return the loss after the steps of a check, 1 for an empty map."""
    found = fitted().loss
    return min(found, LOST) if isfinite(found) else LOST


def steps() -> int:
    """Return after how many steps the kernel converges; raise ValueError if it does not."""
    made = fitted()
    if made.diverged:
        raise ValueError("It does not arrive: it gets worse with every step.")
    if not made.reached:
        raise ValueError(f"It has not arrived after {MOST_STEPS} steps.")
    return len(made.history)


def network_parameters() -> int:
    """Return the number of parameters of the network."""
    learn, _ = parts(data.value)
    made = small_cnn(
        learn.images.shape[1:],
        learn.classes,
        filters=(int(filters[0].value), int(filters[1].value)),
        activation=activation.value,
        batch_norm=norm.value,
        init=INITS[init.value],
    )
    return sum(weight.value.size for weight in made.parameters().values())


def batches() -> int:
    """Return the number of steps per epoch."""
    return int(np.ceil(len(parts(data.value)[0].labels) / int(batch.value)))


MEASURES = {
    "loss": Measure(f"Loss after {MOST_STEPS} steps at most", loss),
    "steps": Measure("Steps until it has arrived", steps),
    "target_weights": Measure("Weights to be learned", lambda: target.kernel().matrix.size),
    "parameters": Measure("Parameters of the network", network_parameters),
    "batches": Measure("Steps for all pictures once", batches),
    "pictures": Measure("Pictures to learn from", lambda: len(parts(data.value)[0].labels)),
    "classes": Measure("Classes", lambda: len(parts(data.value)[0].classes)),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, {}, MEASURES, target.kernel), progress)
