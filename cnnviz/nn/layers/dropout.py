"""The dropout layer."""

from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.checks import generator, real
from cnnviz.nn.layers.layer import Floats, Layer
from cnnviz.nn.layers.parameter import Seed

__all__ = ["Dropout"]


class Dropout(Layer):
    """In training, set numbers to 0 at random and scale up the rest; otherwise do nothing.

    The rest is divided by 1 − p, so that the mean stays the same as at inference. Source:
    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014).

    Parameters
    ----------
    p : float
        The fraction that is set to 0, from 0 to 1.
    seed : int or Generator
        Determines which numbers are dropped.

    Examples
    --------
    >>> layer = Dropout(0.5)
    >>> layer.forward([[1.0, 1.0, 1.0, 1.0]]).tolist()
    [[1.0, 1.0, 1.0, 1.0]]
    >>> layer.training = True
    >>> sorted(set(layer.forward([[1.0] * 20])[0].tolist()))
    [0.0, 2.0]
    """

    kind: ClassVar[str] = "dropout"

    def __init__(self, p: float = 0.5, *, seed: Seed = 0) -> None:
        super().__init__(p=real(p, "p", low=0, high=1))
        self._rng = generator(seed)

    def _compute(self, x: Floats) -> Floats:
        return x if not self.training else x * self._kept(x)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        kept = self._kept(x) if self.training else np.ones(1, x.dtype)
        return x * kept, kept

    def _kept(self, x: Floats) -> Floats:
        """Return the factor for each number: 0, or 1 / (1 − p)."""
        share = 1 - self.settings["p"]
        if not share:
            return np.zeros_like(x)
        return (self._rng.random(x.shape, np.float32) < share) / x.dtype.type(share)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        return grad * memory if to_input else None
