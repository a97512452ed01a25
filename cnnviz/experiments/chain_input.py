"""The input of a chain: a picture, or any numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Input"]


@dataclass(frozen=True)
class Input:
    """The input of a chain: its numbers, and the intensities they are drawn with.

    `black` and `white` are the values of intensity 0 and 255. `exact` says that the values follow
    from the intensities, so the browser does not need both.
    """

    values: NDArray[Any]  # (H, W) or (3, H, W)
    intensities: NDArray[np.uint8]
    black: float = 0.0
    white: float = 255.0
    exact: bool = True
    subject: str = ""

    @classmethod
    def picture(
        cls, intensities: NDArray[np.uint8], white: float = 255.0, subject: str = ""
    ) -> "Input":
        """Wrap a picture, on a scale from 0 to `white`; `subject` identifies it."""
        values = intensities if white == 255 else intensities * (white / 255)
        return cls(values, intensities, white=white, subject=subject)

    @classmethod
    def numbers(cls, values: ArrayLike) -> "Input":
        """Wrap any numbers; the smallest (at most 0) is drawn black, the largest white."""
        values = np.asarray(values, dtype=np.float64)
        black, white = min(0.0, values.min()), max(values.max(), 0.0)
        white = white if white > black else black + 1
        share = (values - black) / (white - black)
        drawn = np.rint(255 * share).astype(np.uint8)
        return cls(values, drawn, float(black), float(white), exact=False)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.values.shape[-2:]

    @property
    def colour(self) -> bool:
        """Whether there are three channels."""
        return self.values.ndim == 3
