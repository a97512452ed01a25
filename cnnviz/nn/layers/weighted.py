"""The base classes of layers with weights, and of layers with filters."""

from cnnviz.functional.checks import count_of, whole
from cnnviz.nn.layers.layer import Layer, Shape, planes
from cnnviz.nn.layers.parameter import Parameter

__all__ = ["Filtering", "Weighted", "divided"]


class Weighted(Layer):
    """A layer with a weight and an optional bias.

    Attributes
    ----------
    weight : Parameter
    bias : Parameter or None
    """

    weight: Parameter
    bias: Parameter | None

    def parameters(self) -> dict[str, Parameter]:
        """Return the weight and, if there is one, the bias."""
        weight = {"weight": self.weight}
        return weight if self.bias is None else weight | {"bias": self.bias}

    @property
    def factors(self) -> str:
        """The shape of the weight as a product, + the size of the bias."""
        count = " × ".join(map(str, self.weight.shape))
        return count if self.bias is None else f"{count} + {self.bias.size}"


class Filtering(Weighted):
    """A layer with a bank of filters over a number of channels."""

    def _grid(self, shape: Shape) -> tuple[int, int]:
        """Return (H, W) of an input, or raise ValueError if its channels do not match."""
        channels, height, width = planes(shape, self)
        if channels != self.settings["in_channels"]:
            raise ValueError(
                f"{type(self).__name__} takes "
                f"{count_of(self.settings['in_channels'], 'channel')}, got {channels} in an "
                f"input of shape {shape}."
            )
        return height, width


def divided(in_channels: int, out_channels: int, groups: int) -> tuple[int, int, int]:
    """Return channels, filters and groups as whole numbers, if the groups divide both.

    Examples
    --------
    >>> divided(4, 8, 2)
    (4, 8, 2)
    """
    channels, filters = whole(in_channels, "in_channels"), whole(out_channels, "out_channels")
    groups = whole(groups, "groups")
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide the channels and the filters, got "
            f"{count_of(groups, 'group')} for {count_of(channels, 'channel')} and "
            f"{count_of(filters, 'filter')}."
        )
    return channels, filters, groups
