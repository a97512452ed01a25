"""One filter with a kernel for each channel, as code in other libraries."""

from cnnviz.experiments.chain import Recipe

LOAD = 'x = np.load("input.npy")  # (C, H, W), float64'

NUMPY = """\
import numpy as np
from scipy.signal import correlate2d

{load}
kernels = np.array({kernels})
x = np.pad(x, ((0, 0), ({pad}, {pad}), ({pad}, {pad})))
partial = [correlate2d(plane, kernel, "valid") for plane, kernel in zip(x, kernels)]
features = sum(partial)[::{stride}, ::{stride}] + {bias}
print(features)
"""

PYTORCH = """\
import numpy as np
import torch
import torch.nn.functional as F

{load}
x = torch.from_numpy(x)[None]  # a batch of one
weight = torch.tensor([{kernels}], dtype=torch.float64)  # (1, C, kH, kW)
bias = torch.tensor([{bias}], dtype=torch.float64)
features = F.conv2d(x, weight, bias, stride={stride}, padding={pad})[0, 0]
print(features)
"""

KERAS = """\
import keras
import numpy as np
from keras import ops

keras.config.set_floatx("float64")

{load}
x = np.pad(x, ((0, 0), ({pad}, {pad}), ({pad}, {pad})))
x = ops.transpose(x[None], (0, 2, 3, 1))  # channels last
weight = np.array({kernels})
weight = ops.transpose(weight[None], (2, 3, 1, 0))  # (kH, kW, C, 1)
features = ops.conv(x, weight, strides={stride}, padding="valid", data_format="channels_last")
features = features[0, :, :, 0] + {bias}
print(features)
"""


def filter_programs(recipe: Recipe) -> dict[str, str]:
    """Return the convolution of a filter, by library; each program leaves `features`, (H', W')."""
    parts = {
        "load": LOAD,
        "kernels": [kernel.weights.tolist() for kernel in recipe.filter],
        "stride": recipe.stride[0],
        "pad": recipe.padding[0][0],
        "bias": float(recipe.bias),
    }
    templates = {"PyTorch": PYTORCH, "NumPy and SciPy": NUMPY, "Keras": KERAS}
    return {library: template.format(**parts) for library, template in templates.items()}
