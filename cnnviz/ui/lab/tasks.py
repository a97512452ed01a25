"""The controls, maps and measures for tasks in the Lab."""

from dataclasses import replace

from cnnviz.kernels import Kernel, flipped
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.classroom.task_page import PICTURES, Control, Map, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.lab.settings import PAGE, SETTINGS, chain, longest_side, per_channel, progress
from cnnviz.ui.widgets import working_picture

_kernels, _moves = chain.kernels, chain.convolution
CONTROLS = {
    **PICTURES,
    "channels": Control("Each channel", (per_channel,)),
    "kernel": Control(
        "Kernel",
        (_kernels.chosen, _kernels.several, *_kernels.offered.parameters.values()),
        (f"{PAGE}:strip",),
    ),
    "own": Control("Own kernel", (_kernels.offered.own,)),
    "padding": Control("Padding", _moves.padding.settings),
    "stride": Control("Stride", (_moves.stride,)),
    "dilation": Control("Dilation", (_moves.dilation,)),
    "axes": Control(
        "Flip, axes", (_moves.flip, _moves.separate, _moves.stride_across, _moves.dilation_across)
    ),
    "bias": Control("Bias", tuple(_moves.biases.values())),
    "activation": Control(
        "Activation", chain.activation.settings, (f"chips:{chain.activation.chosen.key}",)
    ),
    "pooling": Control("Pooling", chain.pooling.settings),
}


def present() -> Run:
    """Return the chain of the current settings."""
    return run(working_picture.picture_input(longest_side()), chain.recipes())


MAPS = {
    "convolution": Map("Map of the convolution", lambda: present().maps[0].features),
    "activation": Map("Map after the activation", lambda: present().maps[0].activated),
    "pooling": Map("Map after pooling", lambda: present().maps[0].pooled),
}
MEASURES = {
    "sees": Measure(
        "Side of what a cell of the last map sees",
        lambda: present().geometries[0].pooled_fields[0].size,
    ),
    "unread": Measure(
        "Rows at the end that are never read",
        lambda: len(present().geometries[0].convolution[0].unread.cells),
    ),
}


def kernel() -> Kernel:
    """Return the last kernel as it lies on the picture."""
    chosen = _kernels.kernels()[-1]
    if not _moves.flip.value:
        return chosen
    return replace(flipped(chosen), name=f"{chosen.name}, flipped")


TASKS = PageTasks(
    TaskPage(PAGE, SETTINGS, CONTROLS, MAPS, MEASURES, kernel),
    progress,
)
