"""The interface of a run that the network pages share."""

from collections.abc import Sequence
from typing import Protocol

from numpy.typing import NDArray

from cnnviz.nn import Row, Sequential


class NetworkRun(Protocol):
    """A network on one picture: `image` (C, H, W), and the output of each layer."""

    @property
    def image(self) -> NDArray:
        """The picture, (C, H, W), from 0, black, to 1, white."""
        ...

    @property
    def network(self) -> Sequential:
        """The layers."""
        ...

    @property
    def rows(self) -> Sequence[Row]:
        """The summary of the layers, computed only from shapes."""
        ...

    @property
    def stages(self) -> Sequence[NDArray]:
        """The output of each computed layer."""
        ...

    @property
    def classes(self) -> Sequence[str]:
        """Names for the numbers of the answer, if any."""
        ...
