"""See what a convolutional network does to a picture: the arithmetic, without the app.

Names, argument order and meaning follow ``torch.nn.functional``.

>>> import numpy as np
>>> step = np.repeat([[0, 0, 9, 9]], 4, axis=0)
>>> relu(conv2d(step, KERNELS["prewitt_x"].matrix))
array([[27., 27.],
       [27., 27.]])
"""

from cnnviz.activations import (
    ACTIVATIONS,
    Activation,
    batch_norm,
    elu,
    gelu,
    leaky_relu,
    prelu,
    relu,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from cnnviz.convolution import conv2d, conv2d_definition
from cnnviz.geometry import output_size, receptive_field, same_padding
from cnnviz.image import Picture, PictureError, load_picture
from cnnviz.kernels import KERNELS, Kernel, format_kernel, parse_kernel
from cnnviz.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from cnnviz.transpose import conv_transpose2d

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
    "leaky_relu",
    "load_picture",
    "max_pool2d",
    "output_size",
    "parse_kernel",
    "prelu",
    "receptive_field",
    "relu",
    "same_padding",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
]
