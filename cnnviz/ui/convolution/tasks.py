"""The controls, maps and measures for tasks on the Convolution page."""

from collections.abc import Callable
from functools import partial

from numpy.typing import NDArray

from cnnviz.kernels import Kernel
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.classroom.task_page import Control, Map, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.convolution.exercise import ExerciseSettings
from cnnviz.ui.convolution.settings import PAGE, SETTINGS, chosen, exercises, predict, progress
from cnnviz.ui.widgets.settings import Setting


def _all(read: Callable[[ExerciseSettings], tuple[Setting, ...]]) -> tuple[Setting, ...]:
    return tuple(setting for each in exercises.values() for setting in read(each))


CONTROLS = {
    "lesson": Control("Lesson", (chosen,)),
    "kernel": Control("Kernel", _all(lambda each: each.kernels), ("stage-kernels",)),
    "input": Control("Numbers of the input", _all(lambda each: each.inputs)),
    "stride": Control("Stride", _all(lambda each: (each.stride,))),
    "padding": Control("Padding", _all(lambda each: (each.padding,))),
    "bias": Control("Bias", _all(lambda each: (each.bias,))),
    "predict": Control("Predict first", (predict,)),
}


def present() -> Run:
    """Return the run of the open lesson."""
    numbers = exercises[chosen.value]
    return run(numbers.given(), numbers.recipes())


def kernel() -> Kernel:
    """Return the first kernel of the open lesson."""
    return exercises[chosen.value].recipes()[0].kernel


def output(place: int) -> NDArray:
    """Return the map of one of the lesson's kernels; the last one if the index is too large."""
    maps = present().maps
    return maps[min(place, len(maps) - 1)].features


MAPS = {
    "output": Map("Output", partial(output, 0)),
    "second": Map("Second output", partial(output, 1)),
    "third": Map("Third output", partial(output, 2)),
}
MEASURES = {
    "first": Measure("First cell of the output", lambda: output(0)[0, 0]),
    "middle": Measure(
        "Cell in the middle of the output",
        lambda: output(0)[output(0).shape[0] // 2, output(0).shape[1] // 2],
    ),
    "last": Measure("Last cell of the output", lambda: output(0)[-1, -1]),
    "matches": Measure(
        "Perfect matches of the first feature", lambda: (output(0) > 1 - 1e-9).sum()
    ),
}


def plane() -> NDArray:
    """Return the input of the open lesson; in colour, its first channel."""
    values = exercises[chosen.value].given().values
    return values if values.ndim == 2 else values[0]


TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, MAPS, MEASURES, kernel, plane), progress)
