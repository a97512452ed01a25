"""A run of the photo network on the session's picture."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn import Row, Sequential
from cnnviz.nn.inspection.photos import Crop, group_shares, photo_pixels, square
from cnnviz.nn.inspection.stages import Stages
from cnnviz.ui.inside.photos.settings import ACROSS, DOWN, PART
from cnnviz.ui.inside.settings import CLASS
from cnnviz.ui.network.photo_stages import stages_of, summary
from cnnviz.ui.widgets import working_picture


@dataclass(frozen=True)
class PhotoRun:
    """The network's output for a square of the picture: `plain` unchanged, `made` with the changes.

    Runs with the same `key` are equal.
    """

    key: Hashable
    crop: Crop
    plain: Stages
    made: Stages

    @property
    def image(self) -> NDArray:
        """The input (3, H, W): blue, green and red, minus their means."""
        return self.made.image

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The input as a picture, (H, W, 3)."""
        return photo_pixels(self.image)

    @property
    def network(self) -> Sequential:
        """The photo network."""
        return self.made.network

    @property
    def rows(self) -> list[Row]:
        """The summary of its layers."""
        return summary()

    @property
    def stages(self) -> Sequence[NDArray]:
        """The output of each layer."""
        return self.made.maps

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the 1000 classes."""
        return self.network.classes

    @property
    def scores(self) -> NDArray:
        """The scores, which softmax turns into shares."""
        return self.made.maps[-2]

    @property
    def shares(self) -> NDArray:
        """The answer: a share for each class."""
        return self.made.answer

    @property
    def answer(self) -> int:
        """The number of the class with the largest share."""
        return int(self.scores.argmax())

    @property
    def asked(self) -> int:
        """The class whose evidence is shown."""
        return int(CLASS.value) if CLASS.value else self.answer

    def best(self, count: int) -> list[int]:
        """Return the numbers of the classes with the largest shares, the largest first."""
        return np.argsort(-self.scores, kind="stable")[:count].tolist()

    def groups(self) -> dict[str, float]:
        """Return the shares of the coarse groups, the largest first."""
        return group_shares(self.shares)


def run() -> PhotoRun:
    """Run the network on the chosen square.

    Raises
    ------
    ValueError
        If its weights are missing or damaged.
    """
    picture = working_picture.picture()
    across, down, part = (setting.value / 100 for setting in (ACROSS, DOWN, PART))
    crop = square(picture.pixels.shape[:2], across=across, down=down, part=part)
    plain = stages_of(picture, crop)
    return PhotoRun((picture.digest, crop), crop, plain, plain)
