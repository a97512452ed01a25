"""The lessons of the Activations page as programs for download, by library."""

from typing import Any

from cnnviz.experiments.rectification import Step
from cnnviz.experiments.signal_propagation import BATCH, WIDTH
from cnnviz.kernels import Kernel
from cnnviz.ui.export.programs.keras_chain import ACTIVATIONS as KERAS
from cnnviz.ui.export.programs.numpy_chain import ACTIVATIONS as NUMPY
from cnnviz.ui.export.programs.torch_chain import ACTIVATIONS as TORCH
from cnnviz.ui.export.programs.valid_convolution import VALID_CONVOLUTION

TABLES = {"PyTorch": TORCH, "NumPy and SciPy": NUMPY, "Keras": KERAS}

TWO_LAYERS = """\
import numpy as np
{imports}
x = np.load("input.npy"){colours}
first = np.array({first}) / {first_divisor}
second = np.array({second}) / {second_divisor}


def layer(x, kernel):
    x = np.pad(x, len(kernel) - 1)  # in full: 2 cells of zeros for a 3×3 kernel, 4 for 5×5
{layer}


both = layer(first, second[::-1, ::-1].copy())  # the one 5×5 kernel
one = layer(x, both)
two = layer(layer(x, first), second)
bent = layer(np.maximum(layer(x, first), 0), second)
print("one kernel or two:", abs(two - one).max())
print("with a ReLU between:", abs(bent - two).max())
"""

# Code line that normalises the array with a given name.
NORMALISED = "{x} = ({x} - {mean}) / ({variance} + 1e-5) ** 0.5 * {gamma} + {beta}"
MOMENTS = {
    "PyTorch": ("{x}.mean()", "{x}.var(correction=0)"),
    "NumPy and SciPy": ("{x}.mean()", "{x}.var()"),
    "Keras": ("keras.ops.mean({x})", "keras.ops.mean(({x} - keras.ops.mean({x})) ** 2)"),
}

DEPTH = """\
import numpy as np
import torch
import torch.nn.functional as F

random = np.random.default_rng({seed})
x = torch.from_numpy(random.standard_normal(({batch}, {width})))
weights = random.standard_normal(({depth}, {width}, {width})) * ({scale} / {width}) ** 0.5
sums = []
for weight in torch.from_numpy(weights):
    features = (x @ weight).requires_grad_() if not sums else x @ weight
    features.retain_grad()
    sums.append(features)
    x = {activation}
    print("layer", len(sums), "spread", float(x.std(correction=0)))
x.backward(torch.from_numpy(random.standard_normal(x.shape)))
for number, features in enumerate(sums, 1):
    print("layer", number, "gradient", float((features.grad**2).mean() ** 0.5))
"""

SOFTMAX = {
    "PyTorch": (
        'import numpy as np\nimport torch\n\nx = torch.from_numpy(np.load("input.npy"))[0]\n'
        "print(torch.softmax(x / {temperature}, dim=0))\n"
    ),
    "NumPy and SciPy": (
        'import numpy as np\nfrom scipy.special import softmax\n\nx = np.load("input.npy")[0]\n'
        "exponentials = np.exp(x / {temperature})\n"
        "print(exponentials, exponentials.sum(), exponentials / exponentials.sum())\n"
        "print(softmax(x / {temperature}))  # the same, safe for large numbers\n"
    ),
    "Keras": (
        'import keras\nimport numpy as np\n\nx = np.load("input.npy")[0]\n'
        "print(keras.ops.softmax(x / {temperature}))\n"
    ),
}


def two_layer_programs(first: Kernel, second: Kernel, *, colour: bool) -> dict[str, str]:
    """Return the programs that compare two kernels with one, and with a ReLU in between."""
    return {
        name: TWO_LAYERS.format(
            imports=imports,
            colours=".sum(axis=0)  # the channels, added" if colour else "",
            first=first.matrix.tolist(),
            first_divisor=first.divisor,
            second=second.matrix.tolist(),
            second_divisor=second.divisor,
            layer=layer,
        )
        for name, (imports, layer) in VALID_CONVOLUTION.items()
    }


def norm_lines(step: Step, place: str, gamma: float, beta: float) -> dict[str, list[str]]:
    """Return the lines of `step` with normalisation before or after it, by library."""
    name, parameters = step
    x = "features" if place == "before" else "activated"
    lines = {}
    for library, moments in MOMENTS.items():
        mean, variance = (moment.format(x=x) for moment in moments)
        norm = NORMALISED.format(x=x, mean=mean, variance=variance, gamma=gamma, beta=beta)
        act = f"activated = {TABLES[library][name].format(**parameters)}"
        lines[library] = [norm, act] if place == "before" else [act, norm]
    return lines


def propagation_programs(step: Step, scale: float, depth: int, seed: int) -> dict[str, str]:
    """Return the deep network, with the same random numbers and PyTorch's own gradients."""
    name, parameters = step
    numbers: dict[str, Any] = {"seed": seed, "batch": BATCH, "width": WIDTH, "depth": depth}
    activation = TORCH[name].format(**parameters)
    return {"PyTorch": DEPTH.format(activation=activation, scale=scale, **numbers)}


def softmax_programs(temperature: float) -> dict[str, str]:
    """Return softmax of input.npy with a temperature."""
    return {name: text.format(temperature=temperature) for name, text in SOFTMAX.items()}
