"""How many weights a layer needs: one for every input number if dense, a few if shared."""

from typing import NamedTuple

from cnnviz.functional.checks import Pair, pair, whole

__all__ = ["Parameters", "convolution_parameters", "dense_parameters"]


class Parameters(NamedTuple):
    """The parameters of a layer."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


def dense_parameters(size: Pair, channels: int = 1, neurons: int = 1) -> Parameters:
    """Count the parameters of dense neurons that look at a whole picture.

    Parameters
    ----------
    size : int or (height, width)
        Size of the picture, in pixels.
    channels, neurons : int

    Raises
    ------
    ValueError
        If a number is less than 1.

    Examples
    --------
    >>> dense_parameters(150, 3)
    Parameters(weights=67500, biases=1)
    >>> dense_parameters(160, 3).weights - dense_parameters(150, 3).weights
    9300
    """
    height, width = pair(size, "size")
    channels, neurons = whole(channels, "channels"), whole(neurons, "neurons")
    return Parameters(height * width * channels * neurons, neurons)


def convolution_parameters(kernel_size: Pair, channels: int = 1, filters: int = 1) -> Parameters:
    """Count the parameters of a convolution's filters, which do not depend on the picture's size.

    Parameters
    ----------
    kernel_size : int or (vertical, horizontal)
        In cells.
    channels, filters : int
        Channels of the picture, and output maps.

    Raises
    ------
    ValueError
        If a number is less than 1.

    Examples
    --------
    >>> convolution_parameters(3, 3)
    Parameters(weights=27, biases=1)
    """
    rows, columns = pair(kernel_size, "kernel_size")
    channels, filters = whole(channels, "channels"), whole(filters, "filters")
    return Parameters(rows * columns * channels * filters, filters)
