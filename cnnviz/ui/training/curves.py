"""The curves of a training, as messages for the browser."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cnnviz.functional.powers import power_of_ten
from cnnviz.nn.training.diagnosis import RECENT
from cnnviz.ui.widgets.formatting import accuracy_percent, number

MOST_POINTS = 120  # points per line: more would be indistinguishable
LOWEST, HIGHEST = 1e-8, 1e8  # range of losses that a curve can show


def loss_curve(losses: Sequence[float], now: float) -> dict[str, Any]:
    """Return the loss before each step and after the last, on a scale of powers of ten."""
    steps, values = thinned([*losses, now])
    told = f"The loss at each step, from {brief(values[0])} to {brief(now)}."
    return _losses(told, steps, values)


def batch_loss_curve(losses: Sequence[float], start: float) -> dict[str, Any]:
    """Return the loss after each step: the mean of the last `RECENT` batches, as `Trainer.loss`.

    `start` is the loss before the first step.
    """
    if not losses:
        return loss_curve([], start)
    ends = [place + 1 for place in thinned(losses)[0]]
    means = [float(np.mean(losses[max(end - RECENT, 0) : end])) for end in ends]
    told = f"The mean loss of {RECENT} batches, from {brief(means[0])} to {brief(means[-1])}."
    return _losses(told, ends, means)


def _losses(label: str, steps: Sequence[int], values: Sequence[float]) -> dict[str, Any]:
    powers = np.log10(np.clip(np.nan_to_num(values, nan=HIGHEST), LOWEST, HIGHEST))
    low, high = float(np.floor(powers.min())), float(np.ceil(powers.max()))
    high = max(high, low + 1)
    return {
        "label": label,
        "x": {"low": 0, "high": max(steps[-1], 1), "label": "step"},
        "y": {
            "low": low,
            "high": high,
            "texts": [power_of_ten(low), power_of_ten(high)],
            "label": "Loss, in powers of ten",
        },
        "lines": [{"name": brief(values[-1]), "values": _plain(powers), "at": list(steps)}],
    }


def accuracy_curve(learned: Sequence[float], tested: Sequence[tuple[int, float]]) -> dict[str, Any]:
    """Return the accuracy: in each batch, and now and then on the held-out pictures."""
    places, shares = zip(*tested, strict=True)
    last = accuracy_percent(shares[-1])
    lines = [{"name": "held out", "values": _plain(shares), "at": list(places)}]
    if learned:
        steps, values = thinned(smooth(learned))
        ends = [step + 1 for step in steps]
        lines.append({"name": "learned from", "values": _plain(values), "at": ends})
    return {
        "label": f"The share of right answers at each step; {last} of the held-out pictures.",
        "x": {"low": 0, "high": max(len(learned), 1), "label": "step"},
        "y": {"low": 0, "high": 1, "label": "Right answers"},
        "lines": lines,
    }


def smooth(values: Sequence[float], width: int = 10) -> list[float]:
    """Return a moving average over the last `width` values: single batches are noisy.

    Examples
    --------
    >>> smooth([1, 0, 1, 1], 2)
    [1.0, 0.5, 0.5, 1.0]
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - width, 0)
    return ((sums[ends] - sums[starts]) / (ends - starts)).tolist()


def thinned(values: Sequence[float]) -> tuple[list[int], list[float]]:
    """Return the indices of at most `MOST_POINTS` evenly spread values, and the values.

    Examples
    --------
    >>> thinned([5.0, 6.0])
    ([0, 1], [5.0, 6.0])
    """
    count = min(len(values), MOST_POINTS)
    places = np.unique(np.linspace(0, len(values) - 1, count).round().astype(int)).tolist()
    return places, [values[place] for place in places]


def brief(value: float) -> str:
    """Write a number of any magnitude; a large one with two significant digits.

    Examples
    --------
    >>> brief(0.0123456), brief(1428954.0), brief(float("nan"))
    ('0.0123', '1.4·10⁶', 'nan')
    """
    if not 1e4 <= abs(value) < np.inf:
        return number(value)
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}·{power_of_ten(float(exponent))}".replace("-", "−")


def _plain(values: Sequence[float]) -> list[float]:
    return [round(float(value), 3) for value in values]
