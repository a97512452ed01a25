"""The controls, maps and measures for tasks on the Kernels page."""

from cnnviz.kernels import compose, rank, weight_sum
from cnnviz.ui.classroom.task_page import PICTURES, Control, Map, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.kernels.settings import GALLERY, PAGE, SETTINGS, after, one, part, progress
from cnnviz.ui.kernels.taken_apart import computed
from cnnviz.ui.widgets.kernel_picker import catalogue_kernel

CONTROLS = {
    **PICTURES,
    "part": Control("Part", (part,)),
    "kernel": Control("Kernel", (one.chosen, *one.offered.parameters.values()), (GALLERY,)),
    "own": Control("Own kernel", (one.offered.own,)),
    "then": Control("Second kernel", (after,)),
}
MAPS = {"map": Map("Feature map", lambda: computed()[0].maps[0].features)}
MEASURES = {
    "sum": Measure("Sum of the weights", lambda: weight_sum(one.kernel())),
    "rank": Measure("Rank of the kernel", lambda: rank(one.kernel())),
    "side": Measure("Columns of the kernel", lambda: one.kernel().shape[1]),
    "weights": Measure("Weights of the kernel", lambda: one.kernel().matrix.size),
    "passes": Measure("Weights of its two passes", lambda: sum(one.kernel().shape)),
    "row_side": Measure(
        "Columns of the combined kernel",
        lambda: compose(one.kernel(), catalogue_kernel(after.value)).shape[1],
    ),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, MAPS, MEASURES, one.kernel), progress)
