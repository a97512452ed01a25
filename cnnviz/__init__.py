"""See what a convolutional network does to a picture: the arithmetic, without the app.

Names, argument order and meaning follow ``torch.nn.functional``.

>>> import numpy as np
>>> step = np.repeat([[0, 0, 9, 9]], 4, axis=0)
>>> relu(conv2d(step, KERNELS["prewitt_x"].matrix))
array([[27., 27.],
       [27., 27.]])
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cnnviz.functional.activations import (
    ACTIVATIONS,
    Activation,
    batch_norm,
    elu,
    gelu,
    hardsigmoid,
    hardswish,
    leaky_relu,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from cnnviz.functional.convolution import conv2d, conv2d_definition
from cnnviz.functional.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from cnnviz.functional.shapes import output_size, receptive_field, same_padding
from cnnviz.functional.transposed_convolution import conv_transpose2d
from cnnviz.images.loading import Picture, PictureError, load_picture
from cnnviz.kernels import KERNELS, Kernel, format_kernel, parse_kernel

if TYPE_CHECKING:
    from cnnviz import nn as nn
else:

    def __getattr__(name):  # noqa: ANN001, ANN202 - type checkers read what is above
        """Import `cnnviz.nn` on first access: few programs need it."""
        if name == "nn":
            return import_module("cnnviz.nn")
        raise AttributeError(f"module 'cnnviz' has no attribute {name!r}")

    def __dir__():  # noqa: ANN202 - as above
        return sorted({*globals(), "nn"})


__all__ = [
    "ACTIVATIONS",
    "KERNELS",
    "Activation",
    "Kernel",
    "Picture",
    "PictureError",
    "avg_pool2d",
    "batch_norm",
    "conv2d",
    "conv2d_definition",
    "conv_transpose2d",
    "elu",
    "format_kernel",
    "gelu",
    "global_avg_pool2d",
    "global_max_pool2d",
    "hardsigmoid",
    "hardswish",
    "leaky_relu",
    "load_picture",
    "max_pool2d",
    "output_size",
    "parse_kernel",
    "prelu",
    "receptive_field",
    "relu",
    "relu6",
    "same_padding",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
]
