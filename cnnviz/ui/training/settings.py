"""The settings of the Training page: the shared ones, then each part's own."""

import re
from dataclasses import dataclass
from typing import Any

from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.nn import METHODS
from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.maps import boards
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.kernel_picker import OneKernel
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch
from cnnviz.ui.widgets.settings import Setting

PAGE = "training"
part = Choice(
    f"{PAGE}.part",
    "Part",
    "kernel",
    options={
        "kernel": "Teach one kernel",
        "network": "Train a network",
        "own": "Teach it your own things",
    },
)
pace = Choice(
    f"{PAGE}.pace",
    "Steps at a time",
    "5",
    "How many steps are taken before the page is drawn again.",
    options={"1": "1", "5": "5", "25": "25"},
)

# Teach one kernel
LARGEST = 15  # most rows and columns of a kernel
target = OneKernel(PAGE, "sobel_x", LARGEST)
method = Choice(
    f"{PAGE}.method",
    "Method",
    "momentum",
    "Neighbouring pixels are nearly alike, so plain gradient descent hurries in the direction that "
    "they share and crawls in those that tell them apart. The other methods make up for that.",
    options={
        "momentum": "Gradient descent with momentum",
        "gradient": "Gradient descent",
        "adam": "Adam",
        "whitened": "Gauss–Newton",
    },
)
METHOD_SENTENCES = {
    "momentum": "Momentum keeps nine tenths of the last step: small steps in one direction add up.",
    "gradient": "Each weight goes against its slope: a slope twice as large, a step twice as far.",
    "adam": "Adam divides the recent average of each slope by its recent size: a step size of its "
    "own for every weight.",
    "whitened": "Gauss–Newton divides the slope by the curvature of the loss: the direct way.",
}
kernel_rates = {
    name: Number(
        f"{PAGE}.rate.{name}",
        "Learning rate",
        METHODS[name],  # type: ignore[index] # the names are below
        "How far a step goes. You can change it during training.",
        low=low,
        high=high,
        step=low,
    )
    for name, low, high in (
        ("momentum", 0.05, 5.0),
        ("gradient", 0.05, 3.0),
        ("adam", 0.005, 1.0),
        ("whitened", 0.01, 3.0),
    )
}
noise = Number(
    f"{PAGE}.noise", "Random seed", 1, "Which random numbers it starts from.", low=1, high=99
)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
# The weight whose slope is written out, in both parts that train
weight_row = Number(f"{PAGE}.weight_row", "Row of the weight", 0, low=0, high=LARGEST - 1)
weight_column = Number(f"{PAGE}.weight_column", "Column", 0, low=0, high=LARGEST - 1)
weight_filter = Number(f"{PAGE}.weight_filter", "Filter", 0, low=0, high=15)
by_links = Switch(
    f"{PAGE}.links",
    "Link by link",
    help="Write out where the slope of one cell comes from: from the loss back through each layer.",
)
WEIGHT = (weight_row, weight_column, weight_filter)
KERNEL_SETTINGS = (*target.settings, method, *kernel_rates.values(), noise, pace, pin, *WEIGHT)

# Train a network
DATA = {"digits": "Digits", "shapes": "Shapes"}
INITS: dict[str, str | float] = {"small": 0.01, "xavier": "xavier", "he": "he", "large": 1.0}
RATES = ("0.00001", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10")
# A step with the largest of these takes 20 ms on shapes: training never blocks a page.
FILTERS = (("4", "8", "16"), ("8", "16", "32"))
BATCHES = ("8", "32", "64")


def _names(names: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(names, names, strict=True))


data = Choice(
    f"{PAGE}.data",
    "Pictures",
    "digits",
    "Digits: 1797 of 8 × 8 pixels, written by 13 people (UCI optical digits, by Alpaydin and "
    "Kaynak, CC BY 4.0). Shapes: circles, squares, triangles, crosses and lines, drawn by a "
    "program, 16 × 16 pixels.",
    options=DATA,
)
filters = (
    Choice(f"{PAGE}.filters", "Filters, layer 1", "16", options=_names(FILTERS[0])),
    Choice(f"{PAGE}.filters2", "Filters, layer 2", "32", options=_names(FILTERS[1])),
)
activation = Choice(
    f"{PAGE}.activation",
    "Activation",
    "relu",
    options={name: each.title for name, each in ACTIVATIONS.items()},
)
init = Choice(
    f"{PAGE}.init",
    "Initialisation",
    "he",
    "How far the random weights spread, as a standard deviation. He: √(2 / inputs), made for ReLU. "
    "Xavier: √(2 / (inputs + outputs)), made for tanh; with as many outputs as inputs that is "
    "√(1 / inputs). Small is 0.01, which is too small; large is 1, "
    "which is too large.",
    options={"small": "Small", "xavier": "Xavier", "he": "He", "large": "Large"},
)
norm = Switch(
    f"{PAGE}.norm",
    "Batch normalisation",
    help="After each convolution every channel is normalised to mean 0 and variance 1.",
)
seed = Number(
    f"{PAGE}.seed",
    "Random seed",
    0,
    "For the first weights and the order of the pictures.",
    low=0,
    high=99,
)
optimiser = Choice(
    f"{PAGE}.optimiser",
    "Optimiser",
    "adam",
    "SGD, stochastic gradient descent: each step goes down the gradient of one batch, a "
    "few pictures drawn at random. Adam does so too, with a step size of its own for every "
    "weight: it divides the recent average of each slope by that slope's recent size.",
    options={"sgd": "SGD", "adam": "Adam"},
)
rates = {
    name: Choice(
        f"{PAGE}.{name}_rate",
        "Learning rate",
        default,
        "How far a step goes. You can change it during training.",
        options=_names(RATES),
    )
    for name, default in (("sgd", "0.03"), ("adam", "0.003"))
}
momentum = Number(
    f"{PAGE}.momentum",
    "Momentum",
    0.9,
    "How much of the last step is carried over into the next.",
    low=0.0,
    high=0.99,
    step=0.01,
)
batch = Choice(
    f"{PAGE}.batch",
    "Batch size",
    "32",
    "The gradient is the mean over this many pictures: a mini-batch.",
    options=_names(BATCHES),
)
# The settings that define a training: when one of these changes, it restarts and says so.
MADE_OF: tuple[Setting, ...] = (data, *filters, activation, init, norm, optimiser, batch, seed)
LIVE: tuple[Setting, ...] = (*rates.values(), momentum)


@dataclass(frozen=True)
class ConfusionCell(Setting):
    """A cell of the confusion table, "truth,answer", or empty."""

    default: Any = ""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if not re.fullmatch(r"\d,\d", text):
            raise ValueError("two classes")
        return text


example = Number(f"{PAGE}.example", "Picture", 0, low=0, high=359)
cell = ConfusionCell(f"{PAGE}.cell", "Cell of the confusion table")
NETWORK_SETTINGS = (*MADE_OF, *LIVE, pace, example, cell, *WEIGHT, by_links)

# Teach it your own things: pictures and names stay in the session
MOST_CLASSES = 5
into = Number(f"{PAGE}.into", "Into", 0, low=0, high=MOST_CLASSES - 1)
speaks = Number(
    f"{PAGE}.speaks",
    "Evidence for",
    MOST_CLASSES,
    "The last: its answer.",
    low=0,
    high=MOST_CLASSES,
)
OWN_SETTINGS = (into, speaks)

progress = Progress(PAGE)
# The parts share the speed.
SETTINGS = tuple(
    {
        setting.key: setting
        for setting in (
            part,
            *working_picture.SETTINGS,
            *KERNEL_SETTINGS,
            *NETWORK_SETTINGS,
            *OWN_SETTINGS,
            *progress.settings,
        )
    }.values()
)
