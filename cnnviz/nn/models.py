"""The trained networks that come with the app; `scripts/train_digits.py` makes them."""

from functools import cache
from pathlib import Path

from cnnviz.nn.network import Sequential

__all__ = ["MODELS", "trained"]

FOLDER = Path(__file__).parents[2] / "assets" / "models"
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
