"""The controls, maps and measures for tasks on the Geometry page."""

from cnnviz.functional.axis import Axis
from cnnviz.ui.classroom.task_page import PICTURES, Control, Map, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.geometry.maps import grid_run
from cnnviz.ui.geometry.settings import (
    PAGE,
    SETTINGS,
    border,
    complete,
    part,
    progress,
    window,
)
from cnnviz.ui.geometry.views import way_back

CONTROLS = {
    **PICTURES,
    "part": Control("Part", (part,)),
    "grid": Control("Grid", (window.grid,)),
    "kernel": Control("Kernel", (window.kernel_size,)),
    "stride": Control("Stride", (window.stride,)),
    "dilation": Control("Dilation", (window.dilation,)),
    "padding": Control(
        "Padding", tuple(one for one in window.padding.settings if one is not window.padding.mode)
    ),
    "mode": Control("What the border holds", (window.padding.mode,)),
    "border": Control("Cells of border", (border,)),
    "complete": Control("Bring the dropped cells back", (complete,)),
}


def back() -> int:
    """Return the number of rows after the transposed convolution."""
    return way_back(grid_run(), complete=complete.value)[0].shape[-2]


def rows() -> Axis:
    """Return the vertical axis of the grid."""
    return window.axes()[0].axis


def columns() -> Axis:
    """Return the horizontal axis of the grid."""
    return window.axes()[1].axis


MAPS = {"grid": Map("Output of the grid", lambda: grid_run().maps[0].features)}
MEASURES = {
    "output": Measure("Rows of the output", lambda: rows().output),
    "output_columns": Measure("Columns of the output", lambda: columns().output),
    "unread": Measure("Rows that no window reads", lambda: len(rows().unread.cells)),
    "unread_columns": Measure("Columns that no window reads", lambda: len(columns().unread.cells)),
    "span": Measure(
        "Cells that the kernel spans",
        lambda: window.dilation.value * (window.kernel_size.value - 1) + 1,
    ),
    "padded": Measure("Rows with the padding", lambda: window.grid.value + sum(rows().padding)),
    "back": Measure("Rows of the way back", back),
    "missing": Measure("Rows that do not come back", lambda: window.grid.value - back()),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, MAPS, MEASURES), progress)
