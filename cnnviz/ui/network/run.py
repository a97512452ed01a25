"""What the network pages need of a run, whichever page computed it."""

from collections.abc import Sequence
from typing import Protocol

from numpy.typing import NDArray

from cnnviz.nn import Row, Sequential


class NetworkRun(Protocol):
    """A network on one picture: `image` (C, H, W), and what each layer makes of it."""

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
        """The summary of the layers, from shapes alone."""
        ...

    @property
    def stages(self) -> Sequence[NDArray]:
        """The output of each layer that is computed."""
        ...

    @property
    def classes(self) -> Sequence[str]:
        """Names for the numbers of the answer, if there are any."""
        ...
