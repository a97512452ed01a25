"""One filter with a kernel for each channel, as code in other libraries."""

from cnnviz.experiments.chain import Recipe
from cnnviz.ui.export.programs.layout import TAB
from cnnviz.ui.export.programs.phrases import every, plus

LOAD = 'x = np.load("input.npy")  # (C, H, W), float64'

NUMPY = """\
import numpy as np
from scipy.signal import correlate2d

{load}{padded}
kernels = np.array({kernels})
partial = [correlate2d(plane, kernel, "valid") for plane, kernel in zip(x, kernels)]
features = {sums}{plus}
print(features)
"""

PYTORCH = """\
import numpy as np
import torch
import torch.nn.functional as F

{load}
x = torch.from_numpy(x)[None]  # a batch of one
kernels = torch.tensor({kernels}, dtype=torch.float64)
features = F.conv2d(x, kernels[None]{options})[0, 0]{plus}
print(features)
"""

KERAS = """\
import keras
import numpy as np
from keras import ops

keras.config.set_floatx("float64")

{load}{padded}
x = ops.transpose(x[None], (0, 2, 3, 1))  # channels last
kernels = np.array({kernels})
weight = ops.transpose(kernels[None], (2, 3, 1, 0))  # (kH, kW, C, 1)
features = ops.conv(x, weight, strides={stride}, padding="valid", data_format="channels_last")
features = features[0, :, :, 0]{plus}
print(features)
"""


def filter_programs(recipe: Recipe) -> dict[str, str]:
    """Return the convolution of a filter, by library; each program leaves `features`, (H', W').

    Stride and padding are numbers that both axes share.
    """
    stride, pad = recipe.stride[0], recipe.axes((1, 1))[0].padding[0]
    options = f", stride={stride}" * (stride > 1) + f", padding={pad}" * (pad > 0)
    parts = {
        "load": LOAD,
        "padded": f"\nx = np.pad(x, ((0, 0), ({pad}, {pad}), ({pad}, {pad})))" if pad else "",
        "kernels": _rows([kernel.weights.tolist() for kernel in recipe.filter]),
        "sums": f"sum(partial){every(recipe.stride)}",
        "options": options,
        "stride": stride,
        "plus": plus(recipe.bias),
    }
    templates = {"PyTorch": PYTORCH, "NumPy and SciPy": NUMPY, "Keras": KERAS}
    return {library: template.format(**parts) for library, template in templates.items()}


def _rows(kernels: list[list[list[float]]]) -> str:
    """Write kernels with one row of weights a line."""
    matrices = [
        "\n".join([f"{TAB}[", *(f"{TAB}{TAB}{row}," for row in kernel), f"{TAB}],"])
        for kernel in kernels
    ]
    return "\n".join(["[", *matrices, "]"])
