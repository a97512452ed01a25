"""The picture that a network takes, and the sizes to try where its file leaves them open."""

from collections.abc import Sequence
from typing import NamedTuple

from cnnviz.nn.formats.graph import Value

__all__ = ["MAX_SIDE", "PictureInput", "is_grey", "possible_sizes"]

SIDES = 224, 28, 32, 64, 96, 128, 160, 192, 256, 299, 48, 16, 8, 320, 416, 512, 640
MAX_SIDE = 1024
LEAST_SIDE = 8  # of pictures without an axis for channels
GUESSED = "The file does not say how large its pictures are; {0} × {1} fits."


class PictureInput(NamedTuple):
    """An input that may be a picture; `batch` is how many the file takes at once."""

    value: Value
    guessed: bool = False
    name: str = "input"
    batch: int = 1

    @property
    def notes(self) -> tuple[str, ...]:
        """What to tell the user about it."""
        _, height, width = self.value.shape
        return (GUESSED.format(height, width),) if self.guessed else ()


def is_grey(sizes: Sequence[int | None]) -> bool:
    """Say whether an input is most likely a grey picture (N, H, W), as those of MNIST in tutorials.

    >>> is_grey((None, 28, 28)), is_grey((1, 12, 1000)), is_grey((1, 784))
    (True, False, False)
    """
    return len(sizes) == 3 and sizes[1] == sizes[2] and (sizes[1] or 0) >= LEAST_SIDE


def possible_sizes(height: int | None, width: int | None) -> list[tuple[int, int]]:
    """Return the sizes of pictures that a file allows, the likeliest first.

    >>> possible_sizes(20, 30), possible_sizes(None, 20), possible_sizes(None, None)[:2]
    ([(20, 30)], [(20, 20)], [(224, 224), (28, 28)])
    """
    sizes = [(height or width or side, width or height or side) for side in SIDES]
    return list(dict.fromkeys(sizes))
