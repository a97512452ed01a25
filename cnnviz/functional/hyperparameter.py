"""A number that users may adjust: its name, its default and its range."""

from dataclasses import dataclass

__all__ = ["Hyperparameter"]


@dataclass(frozen=True)
class Hyperparameter:
    """One argument of a function, with all that its slider needs.

    Parameters
    ----------
    name : str
        The name of the argument in Python.
    label : str
        The name on screen.
    default, low, high, step : int or float
        All four are whole if the argument is.
    unit : str
        Such as "px" or "°"; empty for a pure number.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    step: float
    unit: str = ""
