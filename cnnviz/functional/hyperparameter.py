"""A number that users may adjust: its name, where it starts and how far it goes."""

from dataclasses import dataclass

__all__ = ["Hyperparameter"]


@dataclass(frozen=True)
class Hyperparameter:
    """One argument of a function, with what a slider for it needs to know.

    Parameters
    ----------
    name : str
        The name of the argument in Python.
    label : str
        What users read.
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
