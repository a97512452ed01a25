"""A network as a Keras program: the same layers, with the weights of its npz file."""

from cnnviz.nn import Row, Sequential
from cnnviz.ui.export.programs.keras_layers import layer_lines

__all__ = ["keras_program"]

PROGRAM = """\
import keras
import numpy as np
from keras import layers, ops

x = inputs = keras.Input({shape})  # rows, columns, channels
{layers}
network = keras.Model(inputs, x)
{weights}
x = {given}  # (N, H, W, C)
print(network(x{training}){shown})
"""
WEIGHTS = """
PARTS = "weight", "bias", "running_mean", "running_var"
with np.load("{file}") as arrays:
    for layer in network.layers:
        names = [f"{{layer.name.replace('_', '.')}}.{{part}}" for part in PARTS]
        found = [arrays[name] for name in names if name in arrays]
        if found:  # (F, C, kH, kW) in the file is (kH, kW, C, F) here
            weight = found[0]
            found[0] = weight.transpose(2, 3, 1, 0) if weight.ndim == 4 else weight.T
            found += [0.0, 1.0][: len(layer.weights) - len(found)]  # mean and variance
            shapes = [each.shape for each in layer.weights]
            layer.set_weights([np.broadcast_to(*pair) for pair in zip(found, shapes)])
"""


def keras_program(
    network: Sequential, file: str = "network.npz", image: str = "", *, training: bool = False
) -> str:
    r"""Write a program that defines `network` in Keras 3 and loads the arrays of `file`.

    Parameters
    ----------
    network : Sequential
        With an input shape (C, H, W).
    file : str
        A file written by `Sequential.save`; if empty, the program keeps the weights that Keras
        draws.
    image : str
        The .npy file of an image (C, H, W) whose answer is printed; if empty, the image is zero.
    training : bool
        Whether batch normalisation uses the statistics of that image.

    Raises
    ------
    ValueError
        If the network does not take maps, or has a max pooling with dilation, which Keras lacks.

    Examples
    --------
    >>> from cnnviz.nn import small_cnn
    >>> program = keras_program(small_cnn((1, 8, 8), "0123456789"))
    >>> print(*program.splitlines()[4:8], sep="\n")
    x = inputs = keras.Input((8, 8, 1))  # rows, columns, channels
    x = layers.Conv2D(16, 3, padding="same", name="0")(x)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D(2)(x)
    """
    shape = network.input_shape
    if shape is None or len(shape) != 3:
        raise ValueError(f"The program needs an input shape (C, H, W), got {shape}.")
    lines = layer_lines(network, Row.of_input(shape), "", "x")
    last = (*shape[1:], shape[0])
    given = f'np.load("{image}").transpose(1, 2, 0)[None]'
    return PROGRAM.format(
        shape=last,
        layers="\n".join(lines),
        weights=WEIGHTS.format(file=file) if file else "",
        given=given if image else f'np.zeros((1, *{last}), "float32")',
        training=", training=True" if training else "",
        shown="" if image else ".shape",
    )
