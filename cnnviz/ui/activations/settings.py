"""The settings of the Activations page: first the shared ones, then those of each lesson."""

from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import KERNELS
from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.maps.boards import Pin
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.matrix_setting import Cells, Matrix
from cnnviz.ui.widgets.setting_kinds import Choice, Number
from cnnviz.ui.widgets.settings import Setting

PAGE = "activations"
SMALL = {name: each.title for name, each in KERNELS.items() if each.shape == (3, 3)}
LESSONS = {
    "family": "The family",
    "edge": "Across an edge",
    "channels": "A slope per channel",
    "linear": "Why not linear",
    "dying": "Dying ReLU",
    "norm": "Batch norm",
    "depth": "Depth",
    "vector": "A vector",
}
chosen = Choice(f"{PAGE}.lesson", "Lesson", "family", options=LESSONS)

kernel = Choice(
    f"{PAGE}.kernel",
    "Kernel",
    "sobel_x",
    options={name: kernel.title for name, kernel in KERNELS.items()},
)
numbers = Choice(
    f"{PAGE}.numbers",
    "Size of the numbers",
    "spread",
    "Normalised: the kernel is divided so that the map has a standard deviation of 1, as batch "
    "normalisation would make it. Most functions bend near 0, so there they differ most.",
    options={"spread": "Normalised", "raw": "As computed"},
)
# The parameters of the family, one setting each, shared by the lessons that use them.
parameters = {
    (activation.name, parameter.name): Number(
        f"{PAGE}.{activation.name}.{parameter.name}",
        f"{activation.title}, {parameter.label[0].lower()}{parameter.label[1:]}",
        parameter.default,
        low=parameter.low,
        high=parameter.high,
        step=parameter.step,
    )
    for activation in ACTIVATIONS.values()
    for parameter in activation.parameters
}
pin = Pin(f"{PAGE}.pin", "Pinned cell")
colours = ColouringSettings(PAGE)
progress = Progress(PAGE)

# The family
bias = Number(
    f"{PAGE}.bias", "Bias", 0.0, "Added before the activation.", low=-5.0, high=5.0, step=0.05
)
# Across an edge
function = Choice(
    f"{PAGE}.function",
    "Activation",
    "relu",
    options={name: activation.title for name, activation in ACTIVATIONS.items()},
)
edge_kernel = Choice(
    f"{PAGE}.edge_kernel",
    "Kernel",
    "laplacian_4",
    options={name: kernel.title for name, kernel in KERNELS.items()},
)
row = Number(f"{PAGE}.row", "Row", 128, "Or point at a map.", low=0, high=1023)
# A slope per channel
slopes = tuple(
    Number(f"{PAGE}.slope_{i}", f"Slope a{'₁₂₃'[i]}", start, low=-1.0, high=1.0, step=0.05)
    for i, start in enumerate((0.0, 0.25, 1.0))
)
# Why not linear
first = Choice(f"{PAGE}.first", "First kernel", "sobel_x", options=SMALL)
second = Choice(f"{PAGE}.second", "Second kernel", "sobel_y", options=SMALL)
# Dying ReLU
push = Number(
    f"{PAGE}.push",
    "Bias",
    0.0,
    "In units of the largest response of the kernel.",
    low=-1.1,
    high=1.1,
    step=0.01,
)
# Batch norm
norm_function = Choice(
    f"{PAGE}.norm_function",
    "Activation",
    "relu",
    options={
        name: ACTIVATIONS[name].title for name in ("relu", "leaky_relu", "elu", "sigmoid", "tanh")
    },
)
place = Choice(
    f"{PAGE}.place",
    "Normalise",
    "before",
    options={"before": "Before the activation", "after": "After it"},
)
gamma = Number(f"{PAGE}.gamma", "γ (scale)", 1.0, low=-3.0, high=3.0, step=0.05)
beta = Number(f"{PAGE}.beta", "β (shift)", 0.0, low=-3.0, high=3.0, step=0.05)
# Depth
propagation_function = Choice(
    f"{PAGE}.deep",
    "Activation",
    "sigmoid",
    options={name: activation.title for name, activation in ACTIVATIONS.items()},
)
depth = Number(f"{PAGE}.depth", "Layers", 20, low=2, high=30)
seed = Number(f"{PAGE}.seed", "Random seed", 0, "Other random weights.", high=99)
# A vector
vector = Matrix(
    f"{PAGE}.vector",
    "Vector",
    Cells.of([[-2.0, 0.5, -0.3, 1.2]]),
    "One row: type, use the arrow keys, or paste.",
    highest=10,
)
temperature = Number(f"{PAGE}.temperature", "Temperature T", 1.0, low=0.1, high=10.0, step=0.1)

SETTINGS: tuple[Setting, ...] = (
    chosen,
    *working_picture.SETTINGS,
    *(kernel, numbers, *parameters.values(), pin, *colours.settings),
    *(bias, function, edge_kernel, row, *slopes),
    *(first, second, push),
    *(norm_function, place, gamma, beta),
    *(propagation_function, depth, seed, vector, temperature),
    *progress.settings,
)
