"""The controls, maps and measures for tasks on the Layers page."""

from math import prod

from cnnviz.nn import Row, Stack, parse_stack
from cnnviz.ui.classroom.task_page import PICTURES, Control, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.layers.settings import (
    CHOSEN,
    FILTERS,
    PAGE,
    SEED,
    SETTINGS,
    SIDE,
    SQUARE,
    STACK,
    WEIGHTS,
    picture,
    progress,
)

CONTROLS = {
    "picture": PICTURES["picture"],
    "colour": PICTURES["colour"],
    "stack": Control("Blocks of the stack", (STACK, CHOSEN)),
    "presets": Control("Networks to start from", (), (f"{PAGE}:presets",)),
    "side": Control("Size of the picture", (SIDE,)),
    "square": Control("Square", (SQUARE,)),
    "filters": Control("Filters", (FILTERS,)),
    "seed": Control("Random seed", (SEED,)),
    "weights": Control("Show filters", (WEIGHTS,)),
}


def present() -> Stack:
    """Return the current stack, for the shape of the current picture."""
    return Stack(parse_stack(STACK.value), picture().shape, int(SEED.value))


def last_maps() -> Row:
    """Return the last layer that makes maps, or the input."""
    maps = [row for row in present().rows if len(row.output_shape) == 3]
    return maps[-1] if maps else Row.of_input(picture().shape)


def misfits() -> int:
    """Return how many blocks do not fit."""
    return sum(1 for one in present().placed if one.error)


MEASURES = {
    "parameters": Measure("Parameters", lambda: sum(row.parameters for row in present().rows)),
    "first": Measure("Parameters of the first layer", lambda: present().rows[0].parameters),
    "sees": Measure(
        "Side of what a cell of the last maps sees", lambda: last_maps().fields[0].size
    ),
    "jump": Measure("Stride of the last maps on the input", lambda: last_maps().fields[0].jump),
    "maps": Measure("Maps of the last layer that has any", lambda: last_maps().output_shape[0]),
    "rows": Measure("Rows of the last maps", lambda: last_maps().output_shape[1]),
    "numbers": Measure("Numbers that come out", lambda: prod(present().output_shape)),
    "dimensions": Measure("Dimensions of what comes out", lambda: len(present().output_shape)),
    "multiply_adds": Measure(
        "Multiply-adds", lambda: sum(row.multiply_adds for row in present().rows)
    ),
    "misfits": Measure("Blocks that do not fit", misfits),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, {}, MEASURES), progress)
