"""Teach a trained network your own classes: only a last layer is learned, the rest stays fixed.

That layer sees a picture as its features: the mean of each map of the last module, 512 numbers in
the photo network.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.nn.inspection.class_map import ClassMap
from cnnviz.nn.inspection.stages import Stages
from cnnviz.nn.layers.pointwise import Flatten, Linear, Softmax
from cnnviz.nn.layers.pooling import GlobalAvgPool2d
from cnnviz.nn.network import Sequential
from cnnviz.nn.training.softmax_regression import Head

__all__ = [
    "FEATURES",
    "Concern",
    "Near",
    "concerns",
    "evidence_of",
    "features_of",
    "nearest",
    "with_head",
]

FEATURES = "fire9"  # the stage of the photo network whose maps are averaged

FEW = 5  # pictures of a class: with fewer, every single one matters
LOPSIDED = 4  # times the smallest class
ALIKE = 0.97  # mean cosine of the features of two pictures: they are almost the same picture
CONFUSED = 0.3  # share of a class's left-out pictures taken for one other class


def features_of(stages: Stages, stage: str | int = FEATURES) -> NDArray[np.float32]:
    """Return the mean of each map of a stage, (C,).

    Raises
    ------
    ValueError
        If the stage gives no maps.

    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> stages = Stages(small_cnn((1, 8, 8), "0123456789"), np.ones((1, 8, 8)))
    >>> features_of(stages, "pool2").shape
    (32,)
    """
    maps = stages[stage]
    if maps.ndim != 3:
        raise ValueError(f"Features are means of maps, but {stage} gives shape {maps.shape}.")
    return maps.mean(axis=(1, 2), dtype=np.float64).astype(np.float32)


def with_head(
    network: Sequential, head: Head, classes: tuple[str, ...], stage: str = FEATURES
) -> Sequential:
    """Return the network up to a stage, with a learned last layer on the means of its maps.

    The layers are those of `network`, not copies; the class map of such a network is exact.

    Raises
    ------
    ValueError
        If there is no such stage, or not one name for each class.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> from cnnviz.nn.training.softmax_regression import fit_head
    >>> head = fit_head(np.eye(32)[:4], [0, 1, 0, 1], 2)
    >>> made = with_head(small_cnn((1, 8, 8), "0123456789"), head, ("cup", "pen"), "pool2")
    >>> made.names[-4:], made.forward(np.ones((1, 1, 8, 8))).shape
    (('mean', 'flat', 'scores', 'shares'), (1, 2))
    """
    if stage not in network.names:
        raise ValueError(f"There is no layer {stage!r}; there are {', '.join(network.names)}.")
    count, features = head.weight.shape
    if len(classes) != count or len(set(classes)) != count:
        raise ValueError(f"{count} classes need {count} different names, got {', '.join(classes)}.")
    front = network[: network.names.index(stage) + 1]
    dense = Linear(features, count)
    dense.parameters()["weight"].value, dense.parameters()["bias"].value = head.weight, head.bias
    return Sequential(
        [*front, GlobalAvgPool2d(), Flatten(), dense, Softmax()],
        input_shape=network.input_shape,
        classes=classes,
        names=[*front.names, "mean", "flat", "scores", "shares"],
    )


def evidence_of(head: Head, stages: Stages, label: int, stage: str = FEATURES) -> ClassMap:
    """Return where on a picture the score of a learned class comes from, exactly.

    It is the class map of the `with_head` network, computed from the stages of the one without it.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> from cnnviz.nn.training.softmax_regression import fit_head
    >>> head = fit_head(np.eye(32)[:4], [0, 1, 0, 1], 2)
    >>> stages = Stages(small_cnn((1, 8, 8), "0123456789"), np.ones((1, 8, 8)))
    >>> found = evidence_of(head, stages, 1, "pool2")
    >>> score = features_of(stages, "pool2") @ head.weight[1] + head.bias[1]
    >>> bool(abs(found.score - score) < 1e-6)
    True
    """
    return ClassMap(
        np.tensordot(head.weight[label], stages[stage], axes=1), float(head.bias[label])
    )


class Near(NamedTuple):
    """A picture by number, and how similar its features are: the cosine, at most 1."""

    number: int
    cosine: float


def nearest(features: ArrayLike, known: ArrayLike, count: int = 5) -> list[Near]:
    """Return the pictures of `known` (N, F) whose features are most like `features` (F,).

    >>> nearest([1.0, 0.0], [[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]], 2)
    [Near(number=1, cosine=1.0), Near(number=2, cosine=0.7071067811865475)]
    """
    cosines = np.minimum(_unit_length(known) @ _unit_length(features), 1)  # rounding goes beyond
    order = np.argsort(-cosines, kind="stable")[:count]
    return [Near(int(number), float(cosines[number])) for number in order]


def _unit_length(features: ArrayLike) -> NDArray[np.float64]:
    features = np.asarray(features, np.float64)
    lengths = np.linalg.norm(features, axis=-1, keepdims=True)
    return features / np.where(lengths > 0, lengths, 1)


class Concern(NamedTuple):
    """A reason to trust the answers less: its kind, the classes, and the numbers behind it.

    "few": a class and its number of pictures. "lopsided": the largest class, the smallest, and
    their counts. "alike": a class and the mean cosine of two of its pictures. "confused": a class,
    the one it is taken for, and the share of its pictures, each left out in turn.
    """

    kind: Literal["few", "lopsided", "alike", "confused"]
    classes: tuple[int, ...]
    numbers: tuple[float, ...]


def concerns(
    features: ArrayLike, labels: ArrayLike, classes: int, left_out: ArrayLike | None = None
) -> list[Concern]:
    """Return what is wrong with the pictures, the most serious first.

    Parameters
    ----------
    left_out : array (N, classes), optional
        The shares of `leave_one_out`.

    Examples
    --------
    >>> [concern.kind for concern in concerns(np.eye(8), [0] * 7 + [1], 2)]
    ['few', 'lopsided']
    """
    features, labels = np.asarray(features, np.float64), np.asarray(labels)
    counts = np.bincount(labels, minlength=classes).tolist()
    found = [Concern("few", (number,), (n,)) for number, n in enumerate(counts) if n < FEW]
    least, most = counts.index(min(counts)), counts.index(max(counts))
    if counts[most] >= LOPSIDED * max(counts[least], 1):
        found.append(Concern("lopsided", (most, least), (counts[most], counts[least])))
    for number, count in enumerate(counts):
        if count >= FEW:
            own = _unit_length(features[labels == number])
            cosine = (float((own.sum(axis=0) ** 2).sum()) - count) / (count * (count - 1))
            if cosine > ALIKE:
                found.append(Concern("alike", (number,), (cosine,)))
    return found if left_out is None else found + _confused(labels, np.asarray(left_out), counts)


def _confused(labels: NDArray[Any], left_out: NDArray[Any], counts: list[int]) -> list[Concern]:
    table = np.zeros((len(counts), len(counts)))
    np.add.at(table, (labels, left_out.argmax(axis=1)), 1)
    parts = table / np.maximum(counts, 1)[:, None]
    np.fill_diagonal(parts, 0)
    parts[np.equal(counts, 1)] = 0  # without its only picture, a class does not exist
    pairs = np.argwhere(parts >= CONFUSED).tolist()
    return sorted(
        (
            Concern("confused", (truth, answer), (float(parts[truth, answer]),))
            for truth, answer in pairs
        ),
        key=lambda concern: -concern.numbers[0],
    )
