"""Training a network, one mini-batch at a time, so that a page can show it while it learns."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.activations import softmax
from cnnviz.functional.checks import generator, whole
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.network import Sequential
from cnnviz.nn.training.datasets import Dataset
from cnnviz.nn.training.diagnosis import RECENT, Diagnosis, diagnose
from cnnviz.nn.training.loss import cross_entropy
from cnnviz.nn.training.optimisers import Adam, Optimiser

__all__ = ["Evaluation", "Moment", "Trainer", "evaluate", "random_shift"]

AT_ONCE = 64  # pictures that are evaluated at once: maps take far more memory than pictures

Augmentation: TypeAlias = Callable[[Floats, np.random.Generator], Floats]


class Moment(NamedTuple):
    """The results of one step on its batch, before it changed the weights."""

    step: int
    epoch: float
    loss: float
    accuracy: float


class Evaluation(NamedTuple):
    """The answers of a network on pictures it does not learn from."""

    loss: float
    accuracy: float
    confusion: NDArray[np.int64]  # (classes, classes): rows are the truth, columns the answers
    shares: Floats  # (N, classes): softmax

    def worst(self, labels: NDArray[np.int64], count: int = 10) -> NDArray[np.int64]:
        """Return the wrongly answered pictures, the smallest share of the right class first."""
        right = self.shares[np.arange(len(labels)), labels]
        order = np.argsort(right, kind="stable")
        wrong = self.shares.argmax(axis=1) != labels
        return order[wrong[order]][:count]


def evaluate(network: Sequential, data: Dataset) -> Evaluation:
    """Return how well `network` classifies `data`; the network is not changed.

    Raises
    ------
    ValueError
        If the network tells more classes apart than the data have.

    Examples
    --------
    >>> from cnnviz.nn.training.datasets import digits
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> few = digits().take(range(20))
    >>> evaluate(small_cnn((1, 8, 8), few.classes), few).confusion.sum(axis=1).tolist()
    [2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    """
    with np.errstate(all="ignore"):  # even if the network has diverged
        scorer = network.without_softmax().with_own_memory().eval()
        scores = np.concatenate(
            [
                scorer.forward(data.images[start : start + AT_ONCE])
                for start in range(0, max(len(data), 1), AT_ONCE)
            ]
        )
        loss, _ = cross_entropy(scores, data.labels)
    shares = softmax(scores, axis=1)
    answers = shares.argmax(axis=1)
    if scores.shape[1] > len(data.classes):
        raise ValueError(
            f"The network tells {scores.shape[1]} classes apart, and the data have "
            f"{len(data.classes)}."
        )
    confusion = np.zeros((len(data.classes),) * 2, np.int64)
    np.add.at(confusion, (data.labels, answers), 1)
    return Evaluation(loss, float((answers == data.labels).mean()), confusion, shares)


def random_shift(images: Floats, rng: np.random.Generator) -> Floats:
    """Return `images` (N, C, H, W), each moved by up to one pixel each way: an augmentation."""
    height, width = images.shape[2:]
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    places = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(2, 3))
    rows, columns = rng.integers(0, 3, (2, len(images)))
    return places[np.arange(len(images)), :, rows, columns]


class Trainer:
    """A training run that its caller advances step by step.

    To pause, stop calling `step`; to start over, make a new one. The same seed, network and data
    give the same weights to the last bit, on the same machine with the same NumPy and number of
    threads.

    Parameters
    ----------
    network : Sequential
        Changed in place. A final Softmax is skipped: the loss works on the scores.
    data : Dataset
        What it learns from.
    optimiser : Optimiser, optional
        Made for `network.parameters().values()`; by default Adam with a rate of 0.003.
    batch_size : int
        Pictures per step. The last batch of an epoch may be smaller.
    seed : int
        Determines the order of the pictures, and the augmentation.
    augment : callable, optional
        Gets the images of a batch and a generator; returns the images to learn from.

    Attributes
    ----------
    steps : int
        Taken so far.
    history : list of Moment
        One for each step.

    Examples
    --------
    >>> from cnnviz.nn.training.datasets import draw_shapes
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> shapes = draw_shapes(64)
    >>> trainer = Trainer(small_cnn((1, 16, 16), shapes.classes), shapes)
    >>> trainer.steps_per_epoch
    2
    >>> for _ in range(40):
    ...     moment = trainer.step()
    >>> moment.epoch, trainer.history[0].loss > 1.0, moment.loss < 0.5
    (20.0, True, True)
    """

    def __init__(
        self,
        network: Sequential,
        data: Dataset,
        *,
        optimiser: Optimiser | None = None,
        batch_size: int = 32,
        seed: int = 0,
        augment: Augmentation | None = None,
    ) -> None:
        if not len(data):
            raise ValueError("There must be pictures to learn from, got 0.")
        self.network = network
        self.data = data
        self.batch_size = min(whole(batch_size, "batch_size"), len(data))
        self.augment = augment
        self.steps = 0
        self.history: list[Moment] = []
        self._scorer = network.without_softmax()
        shape = data.images.shape[1:]
        for row in self._scorer.summary(shape):
            shape = row.output_shape
        if shape != (len(data.classes),):
            raise ValueError(
                f"The network gives an output of shape {shape}; {len(data.classes)} classes need "
                f"{(len(data.classes),)}."
            )
        self.optimiser = optimiser or Adam(network.parameters().values(), 0.003)
        self._rng = generator(seed)
        self._order = np.empty(0, np.int64)

    @property
    def steps_per_epoch(self) -> int:
        """The number of steps in which every picture comes up once."""
        return -(-len(self.data) // self.batch_size)

    @property
    def epoch(self) -> float:
        """How many times every picture has come up so far."""
        return self.steps / self.steps_per_epoch

    @property
    def loss(self) -> float:
        """The mean loss of the last steps."""
        return float(np.mean([moment.loss for moment in self.history[-RECENT:]]))

    def step(self) -> Moment:
        """Learn from one mini-batch."""
        images, labels = self._next_batch()
        # A training run that blows up is something for the user to see, not an error.
        with np.errstate(all="ignore"):
            self._scorer.train()
            scores = self._scorer.forward(images, remember=True)
            loss, grad = cross_entropy(scores, labels)
            self._scorer.backward(grad, to_input=False)
            self.optimiser.step()
            self._scorer.eval()
        self.steps += 1
        accuracy = float((scores.argmax(axis=1) == labels).mean())
        self.history.append(Moment(self.steps, self.epoch, loss, accuracy))
        return self.history[-1]

    def diagnosis(self) -> Diagnosis | None:
        """Return what has gone wrong, with the numbers as evidence, or None."""
        sample = self.data.take(np.arange(min(len(self.data), 100)))
        losses = [moment.loss for moment in self.history]
        return diagnose(self._scorer, sample, losses)

    def _next_batch(self) -> tuple[Floats, NDArray[np.int64]]:
        place = self.steps % self.steps_per_epoch * self.batch_size
        if place == 0:
            self._order = self._rng.permutation(len(self.data))
        which = self._order[place : place + self.batch_size]
        images = self.data.images[which]
        if self.augment is not None:
            images = self.augment(images, self._rng)
        return images, self.data.labels[which]
