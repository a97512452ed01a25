"""The controls, maps and measures for tasks on the Pixels page."""

from cnnviz.experiments.parameter_count import convolution_parameters, dense_parameters
from cnnviz.experiments.shift import changed, shifted
from cnnviz.images.loading import grey
from cnnviz.ui.classroom.task_page import PICTURES, Control, Map, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.pixels.planes import lit
from cnnviz.ui.pixels.settings import (
    PAGE,
    SETTINGS,
    border,
    channels,
    closeup,
    down,
    kernel,
    kernel_size,
    on,
    part,
    pin,
    progress,
    right,
    side,
    units,
)
from cnnviz.ui.pixels.shift import shift_by, shift_input

CONTROLS = {
    **PICTURES,
    "part": Control("Part", (part,)),
    "planes": Control("Red, green and blue on or off", tuple(on.values())),
    "closeup": Control("How much is shown", (closeup,)),
    "side": Control("Side of the picture", (side,)),
    "depth": Control("Channels", (channels,)),
    "filter": Control("Side of the filter", (kernel_size,)),
    "units": Control("Neurons, or filters", (units,)),
    "shift": Control("Shift", (right, down)),
    "border": Control("Fill", (border,)),
    "kernel": Control("Kernel", (kernel,)),
}


def change_of_picture() -> float:
    """Return the percentage of numbers that the shift changes."""
    values = shift_input().values
    return 100 * changed(values, shifted(values, *shift_by()))


def dense() -> int:
    """Return the weights of the dense neurons."""
    return dense_parameters(side.value, int(channels.value), units.value).weights


def ten_more() -> int:
    """Return how many more weights they need for 10 more pixels per side."""
    return dense_parameters(side.value + 10, int(channels.value), units.value).weights - dense()


def shared() -> int:
    """Return the weights of the filters."""
    return convolution_parameters(kernel_size.value, int(channels.value), units.value).weights


def pinned(channel: int | None = None) -> float:
    """Return the pinned cell: its intensity in a channel, or in grey."""
    if not pin.value:
        raise ValueError("Click a cell first: it is kept until you press Escape.")
    _, row, column, _ = map(int, pin.value.split(","))
    plane = grey(lit().transpose(1, 2, 0)) if channel is None else lit()[channel]
    if row >= plane.shape[0] or column >= plane.shape[1]:
        raise ValueError("The cell that was clicked is no longer on the picture.")
    return float(plane[row, column])


MAPS = {
    "red": Map("Red", lambda: lit()[0]),
    "green": Map("Green", lambda: lit()[1]),
    "blue": Map("Blue", lambda: lit()[2]),
    "grey": Map("Picture in grey", lambda: grey(lit().transpose(1, 2, 0))),
}
MEASURES = {
    "dense": Measure("Weights of the dense layer", dense),
    "ten_more": Measure("Additional weights for 10 more px per side", ten_more),
    "shared": Measure("Weights of the filters", shared),
    "ratio": Measure("Weights, dense to shared", lambda: dense() / shared()),
    "changed": Measure("Numbers that the shift changes, in percent", change_of_picture),
    "pinned": Measure("Grey value of the pinned cell", pinned),
    "pinned_red": Measure("Red of the pinned cell", lambda: pinned(0)),
    "pinned_green": Measure("Green of the pinned cell", lambda: pinned(1)),
    "pinned_blue": Measure("Blue of the pinned cell", lambda: pinned(2)),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, MAPS, MEASURES), progress)
