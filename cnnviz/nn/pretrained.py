"""The trained networks that come with the app; `scripts/train_digits.py` makes them."""

from functools import cache

from cnnviz.nn.network import Sequential
from cnnviz.resources import ASSETS

__all__ = ["MODELS", "trained"]

FOLDER = ASSETS / "models"
MODELS = ("digits", "shapes")


@cache
def trained(name: str) -> Sequential:
    """Return the trained network of that name, loaded once for everybody.

    Examples
    --------
    >>> trained("digits").input_shape
    (1, 8, 8)
    """
    if name not in MODELS:
        raise ValueError(f"There is no model {name!r}; there are {', '.join(MODELS)}.")
    return Sequential.load(FOLDER / f"{name}.npz")
