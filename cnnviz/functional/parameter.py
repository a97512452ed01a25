"""A number that a person may turn: what it is called, where it starts and how far it goes."""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

__all__ = ["Parameter"]


@dataclass(frozen=True)
class Parameter:
    """One argument of a function, with what a slider for it has to know.

    Parameters
    ----------
    name : str
        The name of the argument in Python.
    label : str
        What a person reads.
    default, low, high, step : int or float
        All four are whole where the argument is.
    unit : str
        As "px" or "°"; empty for a pure number.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    step: float
    unit: str = ""


def real(
    value: Any,  # noqa: ANN401 - it is what is checked
    name: str,
    low: float = -math.inf,
    high: float = math.inf,
) -> float:
    """Return `value` as a finite float from `low` to `high`, or say what is wrong with `name`."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r}.")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}.")
    if not low <= value <= high:
        span = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
        raise ValueError(f"{name} must be {span}, got {value}.")
    return float(value)
