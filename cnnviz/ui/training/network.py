"""Train a small network: its session on the Training page, and its settings."""

from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

import streamlit as st

from cnnviz.nn import (
    SGD,
    Adam,
    Conv2d,
    Dataset,
    Diagnosis,
    Evaluation,
    Trainer,
    digits,
    draw_shapes,
    evaluate,
    small_cnn,
)
from cnnviz.ui.network.own_network import hand_over
from cnnviz.ui.training.curves import brief
from cnnviz.ui.training.settings import (
    INITS,
    LIVE,
    MADE_OF,
    PAGE,
    activation,
    batch,
    data,
    filters,
    init,
    momentum,
    norm,
    optimiser,
    pace,
    rates,
    seed,
)
from cnnviz.ui.widgets.formatting import accuracy_percent, grouped
from cnnviz.ui.widgets.transport import Stepwise

MOST_STEPS = 3000  # nothing is left to learn by then; this also keeps the curves small
MEASURE = 15  # steps between two measurements on the held-out pictures
EXAMINE = 30  # steps between two checks for problems
_SESSION = f"{PAGE}:network"  # session key


@dataclass(frozen=True)
class Setup:
    """A preset of settings, by name, that demonstrates something."""

    title: str
    help: str
    values: dict[str, Any]


SETUPS = (
    Setup("As it should be", "Adam, ReLU, He.", {}),
    Setup(
        "Dead",
        "ReLU, and steps so large that every unit of a layer ends below 0.",
        {"optimiser": "sgd", "sgd_rate": "1"},
    ),
    Setup(
        "Vanished",
        "Weights so small that hardly any gradient reaches the first layer.",
        {"init": "small", "optimiser": "sgd", "sgd_rate": "0.01"},
    ),
    Setup(
        "Rescued",
        "The same small weights, with batch normalisation.",
        {"init": "small", "optimiser": "sgd", "sgd_rate": "0.01", "norm": True},
    ),
    Setup(
        "Diverged",
        "Steps so large that each lands further away than it began.",
        {"activation": "tanh", "optimiser": "sgd", "sgd_rate": "3"},
    ),
)


def take(setup: Setup) -> None:
    """Apply it to all settings but the data; settings that it does not name get their defaults."""
    for setting in (*MADE_OF[1:], *LIVE):
        setting.set(setup.values.get(setting.name, setting.default))


@cache
def parts(name: str) -> tuple[Dataset, Dataset]:
    """Return the training and test data, made once for all sessions."""
    if name == "digits":
        return digits().split()
    return draw_shapes(800, seed=0), draw_shapes(200, seed=1)


class NetworkSession(Stepwise):
    """A running training: a network that learns, from random weights, digits or shapes."""

    def __init__(self, made_of: dict[str, Any], said: str = "") -> None:
        super().__init__(said)
        self.made_of = made_of
        self.data = made_of[data.name]
        self.learn, self.test = parts(self.data)
        self.restart()

    def restart(self) -> None:
        """Make a new network with random weights."""
        values = self.made_of
        network = small_cnn(
            self.learn.images.shape[1:],
            self.learn.classes,
            filters=(int(values[filters[0].name]), int(values[filters[1].name])),
            activation=values[activation.name],
            batch_norm=values[norm.name],
            init=INITS[values[init.name]],
            seed=values[seed.name],
        )
        weights = network.parameters().values()
        made = SGD(weights) if values[optimiser.name] == "sgd" else Adam(weights)
        self.trainer = Trainer(
            network,
            self.learn,
            optimiser=made,
            batch_size=int(values[batch.name]),
            seed=values[seed.name],
        )
        self.start = {
            name: layer.weight.value.copy()
            for name, layer in zip(network.names, network, strict=True)
            if isinstance(layer, Conv2d)
        }
        self.diagnosis: Diagnosis | None = None
        self._examined = 0
        self.tested: list[tuple[int, float]] = []
        self._measure()

    @property
    def steps(self) -> int:
        """The number of mini-batches so far."""
        return self.trainer.steps

    @property
    def loss(self) -> float:
        """The mean loss of the last steps; before the first, that of the held-out pictures."""
        return self.trainer.loss if self.trainer.history else self.evaluation.loss

    @property
    def at_a_time(self) -> int:
        """The number of steps between two redraws."""
        return int(pace.value)

    @property
    def over(self) -> bool:
        """Whether it has used all its steps, or its numbers have overflowed."""
        history = self.trainer.history
        return self.steps >= MOST_STEPS or (bool(history) and not isfinite(history[-1].loss))

    @property
    def status(self) -> str:
        """Epoch, loss and accuracy in one line."""
        trainer = self.trainer
        return (
            f"Step {grouped(self.steps)} · epoch {trainer.epoch:.1f} · "
            f"loss {brief(self.loss)} · "
            f"{accuracy_percent(self.evaluation.accuracy)} of {len(self.test)} held-out "
            "pictures right"
        )

    def step(self) -> None:
        """Learn from one mini-batch."""
        self.trainer.step()

    def rest(self) -> None:
        """Measure now and then, and free the memory that only a step needs."""
        paused = not self.running
        if paused or self.steps - self.tested[-1][0] >= MEASURE:
            self._measure()
            self.hand_over()
        if paused or self.steps - self._examined >= EXAMINE:
            self._examined = self.steps
            self.diagnosis = self.trainer.diagnosis()
        self.trainer.network.forget()

    def hand_over(self) -> None:
        """Give the other pages the network in its current state."""
        hand_over(self.trainer.network, self.data, self.steps, self.evaluation.accuracy)

    def _measure(self) -> None:
        self.evaluation: Evaluation = evaluate(self.trainer.network, self.test)
        if not self.tested or self.tested[-1][0] < self.steps:
            self.tested.append((self.steps, self.evaluation.accuracy))


def session() -> NetworkSession:
    """Return the training for the current settings: the running one, or a new one."""
    made_of = {setting.name: setting.value for setting in MADE_OF}
    last: NetworkSession | None = st.session_state.get(_SESSION)
    if last is None or last.made_of != made_of:
        last = NetworkSession(made_of, _sentence(last, made_of))
        st.session_state[_SESSION] = last
    chosen = last.trainer.optimiser
    chosen.learning_rate = float(rates[optimiser.value].value)
    if isinstance(chosen, SGD):
        chosen.momentum = momentum.value
    return last


def _sentence(last: NetworkSession | None, made_of: dict[str, Any]) -> str:
    """Say which change ended a training."""
    if not last or not last.steps:
        return ""
    changed = [each.label for each in MADE_OF if last.made_of[each.name] != made_of[each.name]]
    which = changed[0] if len(changed) == 1 else "Several settings"
    return f"Changed: {which[0].lower()}{which[1:]}. A new network starts from random weights."
