"""The controls, maps and measures for tasks on the Pooling page."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.classroom.task_page import PICTURES, Control, Map, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.pooling import shift, views
from cnnviz.ui.pooling.settings import (
    PAGE,
    SETTINGS,
    ceil,
    chosen_recipes,
    closeup,
    given_input,
    include,
    kernel,
    measure,
    numbers,
    padding,
    progress,
    source,
    stride,
    window,
)

CONTROLS = {
    **PICTURES,
    "source": Control("What is pooled", (source,)),
    "kernel": Control("Kernel", (kernel,)),
    "numbers": Control("The few numbers", (numbers,)),
    "window": Control("Window", (window,)),
    "stride": Control("Stride", (stride,)),
    "padding": Control("Padding", (padding,)),
    "ceil": Control("Keep partial windows", (ceil,)),
    "include": Control("Padding counts in the average", (include,)),
    "closeup": Control("How much is shown", (closeup,)),
    "measure": Control("How a shift is measured", (measure,)),
}


def present() -> Run:
    """Return both chains with the current settings."""
    return run(given_input(), chosen_recipes())


def pooled(kind: int) -> NDArray:
    """Return the map of max pooling (0) or of average pooling (1)."""
    return present().maps[kind].pooled


def difference() -> float:
    """Return the largest difference between the two maps."""
    return float(abs(pooled(0) - pooled(1)).max())


def kept() -> float:
    """Return the percentage of numbers that pooling keeps."""
    maps = present().maps[0]
    return 100 * maps.pooled.size / maps.activated.size


def shift_left(line: int) -> float:
    """Return how much of a shift by one pixel is left, in percent: after max (0), average (1)."""
    made = present()
    before, measured = made.maps[line].activated, shift.MEASURES[measure.value]
    moved = np.roll(before, 1, axis=1)
    return 100 * measured(*(views.pool(each, made.recipes[line]) for each in (before, moved)))


MAPS = {
    "max": Map("Map after max pooling", partial(pooled, 0)),
    "average": Map("Map after average pooling", partial(pooled, 1)),
}
MEASURES = {
    "kept": Measure("Numbers that are left, in percent", kept),
    "difference": Measure("Largest difference of both maps", difference),
    "shift_max": Measure("What max pooling leaves of a shift, in percent", partial(shift_left, 0)),
    "shift_average": Measure(
        "What average pooling leaves of a shift, in percent", partial(shift_left, 1)
    ),
    "global_max": Measure("Largest of all numbers", lambda: present().maps[0].activated.max()),
    "global_mean": Measure("Mean of all numbers", lambda: present().maps[0].activated.mean()),
    "first_max": Measure("First cell of max pooling", lambda: pooled(0)[0, 0]),
    "first_average": Measure("First cell of average pooling", lambda: pooled(1)[0, 0]),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, MAPS, MEASURES), progress)
