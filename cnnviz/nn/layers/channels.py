"""The layer that passes some of the channels on, in any order."""

from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.checks import whole
from cnnviz.nn.layers.layer import ITSELF, Floats, Layer, Shape, Sight

__all__ = ["SelectChannels"]


class SelectChannels(Layer):
    """Pass channels on, in the order given: all of them shuffled, or only some.

    Output channel k is input channel `channels[k]`. ShuffleNet halves its maps like this and mixes
    them again. Source: Ma et al., "ShuffleNet V2: practical guidelines for efficient CNN
    architecture design" (2018).

    Parameters
    ----------
    channels : iterable of int
        Numbers of channels, from 0; one may come several times.

    Examples
    --------
    >>> SelectChannels([2, 0]).forward([[10.0, 11.0, 12.0]]).tolist()
    [[12.0, 10.0]]
    >>> shuffled = SelectChannels.shuffle(6, groups=2)
    >>> shuffled.settings["channels"]
    (0, 3, 1, 4, 2, 5)
    """

    kind: ClassVar[str] = "select"

    def __init__(self, channels: Iterable[int]) -> None:
        if not isinstance(channels, Iterable):
            raise TypeError(f"channels must be a sequence of whole numbers, got {channels!r}.")
        chosen = tuple(whole(channel, "a channel", 0) for channel in channels)
        if not chosen:
            raise ValueError("SelectChannels needs at least 1 channel, got 0.")
        super().__init__(channels=chosen)

    @classmethod
    def shuffle(cls, channels: int, groups: int) -> "SelectChannels":
        """Return the layer that takes one channel of each group in turn.

        As `torch.nn.ChannelShuffle`: the groups are equally large, and their channels adjacent.
        """
        count, groups = whole(channels, "channels"), whole(groups, "groups")
        if count % groups:
            raise ValueError(f"groups must divide the {count} channels, got {groups}.")
        return cls(np.arange(count).reshape(groups, -1).T.ravel().tolist())

    def output_shape(self, shape: Shape) -> Shape:
        """Return `shape` with as many channels as are passed on."""
        channels = self.settings["channels"]
        if max(channels) >= shape[0]:
            raise ValueError(
                f"SelectChannels passes on channel {max(channels)}, and an input of shape {shape} "
                f"has channels 0 to {shape[0] - 1}."
            )
        return len(channels), *shape[1:]

    def sight(self, shape: Shape) -> Sight:
        """Return the same place, in all channels: which of them a cell sees depends on its own."""
        return Sight((ITSELF, ITSELF), 1)

    def _compute(self, x: Floats) -> Floats:
        return x.take(self.settings["channels"], 1)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        return self._compute(x), x.shape

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        """Give each channel the sum of the gradients of where it was passed on to."""
        if not to_input:
            return None
        found = np.zeros(memory, grad.dtype)
        np.add.at(found.swapaxes(0, 1), list(self.settings["channels"]), grad.swapaxes(0, 1))
        return found
