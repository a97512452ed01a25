"""The settings of the Pooling page, and the input and recipes made from them."""

from typing import NamedTuple

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.kernels import KERNELS
from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.pooling import views
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.kernel_picker import SMALL_KERNELS
from cnnviz.ui.widgets.matrix_setting import Matrix
from cnnviz.ui.widgets.presets import Values
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch

PAGE = "pooling"
source = Choice(
    f"{PAGE}.source",
    "What is pooled",
    "features",
    options={"features": "Feature map", "picture": "Picture", "matrix": "A few numbers"},
)
kernel = Choice(f"{PAGE}.kernel", "Kernel", "sobel_x", options=SMALL_KERNELS)
numbers = Matrix(f"{PAGE}.numbers", "Numbers", views.EXAMPLE, highest=16)
window = Number(f"{PAGE}.window", "Window", 2, low=1, high=12)
stride = Number(f"{PAGE}.stride", "Stride", 2, low=1, high=12)
padding = Number(f"{PAGE}.padding", "Padding", 0, low=0, high=6)
ceil = Switch(f"{PAGE}.ceil", "Keep partial windows (ceil)", help="ceil_mode: the size rounds up.")
include = Switch(
    f"{PAGE}.include",
    "Include padding in the average",
    True,
    help="count_include_pad: padded zeros are cells like any other.",
)
closeup = Choice(
    f"{PAGE}.closeup",
    "Show",
    "0",
    options={"0": "Whole picture", "32": "32 cells", "12": "12 cells"},
)
measure = Choice(
    f"{PAGE}.measure",
    "Measure",
    "change",
    help="The size of the change is the mean square of the difference, divided by the sum of the "
    "two maps' variances and the square of the difference of their means: "
    "0\N{NO-BREAK SPACE}% for the same map, about 100\N{NO-BREAK SPACE}% for one that has nothing "
    "to do with it, 200\N{NO-BREAK SPACE}% for its opposite.",
    options={"change": "Size of the change", "changed": "Numbers that changed"},
)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
colours = ColouringSettings(PAGE)
progress = Progress(PAGE)
SETTINGS = (
    *working_picture.SETTINGS,
    *(source, kernel, numbers, window, stride, padding, ceil, include, closeup, measure),
    pin,
    *colours.settings,
    *progress.settings,
)


class PoolingPreset(NamedTuple):
    """A preset: settings to start with."""

    title: str
    source: str
    window: int
    stride: int


PRESETS = (
    PoolingPreset("Halve: 2 × 2, stride 2", "features", 2, 2),
    PoolingPreset("Overlap: 3 × 3, stride 2", "features", 3, 2),
    PoolingPreset("Large: 8 × 8, stride 8", "picture", 8, 8),
    PoolingPreset("Worked example: 3 × 3 on 5 × 5", "matrix", 3, 1),
)


def values(preset: PoolingPreset) -> Values:
    """Return all settings of a preset; those that it does not name are reset."""
    rest = [(other, other.default) for other in (numbers, padding, ceil, include)]
    return [(source, preset.source), (window, preset.window), (stride, preset.stride), *rest]


def given_input() -> Input:
    """Return the input of the chains."""
    if source.value == "matrix":
        return Input.numbers(numbers.value.array)
    return Input.picture(working_picture.grey_plane(), float(working_picture.SCALE.value))


def chosen_recipes() -> list[Recipe]:
    """Return max and average pooling with the current settings."""
    return views.recipes(
        KERNELS[kernel.value] if source.value == "features" else None,
        window=(window.value,) * 2,
        pool_stride=(stride.value,) * 2,
        pool_padding=(padding.value,) * 2,
        ceil_mode=ceil.value,
        count_include_pad=include.value,
    )
