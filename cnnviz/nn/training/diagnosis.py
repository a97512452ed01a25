"""Why a network does not learn: dead, vanished, diverged, or just slow."""

from collections.abc import Sequence
from math import isfinite, log
from typing import Literal, NamedTuple

import numpy as np

from cnnviz.functional.powers import power_of_ten
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.layers.pointwise import Activation
from cnnviz.nn.network import Sequential
from cnnviz.nn.training.datasets import Dataset
from cnnviz.nn.training.loss import cross_entropy

__all__ = ["Diagnosis", "Signal", "diagnose", "signals"]

EXPLODED = 4.0  # times the initial loss, or the loss of guessing
STUCK = 0.9  # share of the loss of guessing: above it, nothing has been learned
FALLING = 0.97  # share of the loss a moment ago: below it, the network is still learning
FAINT = 1e-3  # share of the last layer's gradient that reaches the first
AGAIN = "Start over with a smaller learning rate"  # no learning rate brings back what is lost
RECENT = 20  # steps that the current loss is averaged over


class Signal(NamedTuple):
    """The signal through one layer, forwards and backwards.

    `spread` is the standard deviation of its output, `zeros` the share of channels (or of
    features) that are 0 for every example, and `gradient` the root mean square of the gradient
    of the loss with respect to its output.
    """

    name: str
    spread: float
    zeros: float
    gradient: float


class Diagnosis(NamedTuple):
    """What went wrong and where, and a sentence with the numbers."""

    kind: Literal["diverged", "dead", "vanished", "slow"]
    layer: str
    text: str


def signals(network: Sequential, data: Dataset) -> list[Signal]:
    """Measure the signal through every layer of a network that ends with scores.

    Examples
    --------
    Sigmoids let through at most a quarter of a gradient: after two, little is left.

    >>> from cnnviz.nn.training.datasets import digits
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> few = digits().take(range(50))
    >>> network = small_cnn((1, 8, 8), few.classes, activation="sigmoid", init="xavier")
    >>> gradients = {s.name: s.gradient for s in signals(network.without_softmax(), few)}
    >>> gradients["conv1"] < gradients["conv2"]
    True
    """
    probe = network.with_own_memory().train(network.layers[0].training if len(network) else False)
    outputs, gradients = [], []
    with np.errstate(all="ignore"):
        out = data.images
        for layer in probe:
            out = layer.forward(out, remember=True)
            outputs.append(out)
        _, grad = cross_entropy(out, data.labels)
        for layer in reversed(probe.layers):
            gradients.append(_rms(grad))
            grad = layer.backward(grad)
        return [
            Signal(name, float(out.std()), _zeros(out), gradient)
            for name, out, gradient in zip(network.names, outputs, reversed(gradients), strict=True)
        ]


def diagnose(network: Sequential, data: Dataset, losses: Sequence[float]) -> Diagnosis | None:
    """Say why `network` does not learn, or return None if it does, or if it is too early to say.

    Parameters
    ----------
    network : Sequential
        One that ends with scores.
    data : Dataset
        Some of its training pictures.
    losses : sequence of float
        The loss of every step so far; a training is called stuck only after 40.
    """
    if not losses:
        return None
    if not isfinite(losses[-1]) or not _finite(network):
        return _diverged(f"after {len(losses)} steps the numbers are too large to be held")
    found = signals(network, data)
    return _dead(network, found) or _from_losses(network, found, losses, log(len(data.classes)))


def _from_losses(
    network: Sequential, found: list[Signal], losses: Sequence[float], guess: float
) -> Diagnosis | None:
    """Diagnose from the losses, compared with blind guessing, if there are enough of them."""
    recent, before = _mean(losses[-RECENT:]), _mean(losses[-2 * RECENT : -RECENT])
    if len(losses) >= RECENT and recent > EXPLODED * max(guess, losses[0]):
        return _diverged(f"the loss is {_short(recent)}, and blind guessing gives {guess:.2f}")
    if len(losses) < 2 * RECENT or recent < STUCK * guess or recent < FALLING * before:
        return None
    return _vanished(network, found) or Diagnosis(
        "slow",
        "",
        f"Slow: after {len(losses)} steps the loss is {recent:.2f}; it began at {losses[0]:.2f}, "
        f"and blind guessing gives {guess:.2f}. Try another learning rate, or wait.",
    )


def _diverged(fact: str) -> Diagnosis:
    return Diagnosis("diverged", "", f"Diverged: {fact}. {AGAIN}.")


def _dead(network: Sequential, found: list[Signal]) -> Diagnosis | None:
    for layer, signal in zip(network, found, strict=True):
        if isinstance(layer, Activation) and signal.zeros == 1:
            return Diagnosis(
                "dead",
                signal.name,
                f"Dead: in {signal.name} all channels are 0 for every example, so that no "
                f"gradient gets past it. {AGAIN}, or with an activation that has a slope below 0.",
            )
    return None


def _vanished(network: Sequential, found: list[Signal]) -> Diagnosis | None:
    learning = [signal for signal, layer in zip(found, network, strict=True) if layer.parameters()]
    first, last = learning[0], learning[-1]
    if first.gradient >= FAINT * last.gradient:
        return None
    return Diagnosis(
        "vanished",
        first.name,
        f"Vanished: the gradient is {_short(last.gradient)} at {last.name} and "
        f"{_short(first.gradient)} at {first.name}. ReLU, He initialisation or batch normalisation "
        "helps.",
    )


def _finite(network: Sequential) -> bool:
    return all(np.isfinite(each.value).all() for each in network.parameters().values())


def _rms(grad: Floats) -> float:
    return float(np.sqrt((grad.astype(np.float64) ** 2).mean()))


def _zeros(out: Floats) -> float:
    examples = (0, *range(2, out.ndim))
    return float((out == 0).all(axis=examples).mean())


def _short(value: float) -> str:
    """Write a positive number with two digits; very small or large ones as a power of ten.

    >>> _short(0.00301), _short(2.43e-6), _short(153.7), _short(1.26e7), _short(0.0)
    ('0.003', '2.4·10⁻⁶', '150', '1.3·10⁷', '0')
    """
    if value == 0 or 1e-4 <= value < 1e4:
        return f"{float(f'{value:.2g}'):g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{float(mantissa):g}·{power_of_ten(int(exponent))}"


def _mean(losses: Sequence[float]) -> float:
    return float(np.mean(losses)) if losses else float("nan")
