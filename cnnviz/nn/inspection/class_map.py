"""The class map: where on the picture the score of a class comes from, exactly.

It is exact if the network averages its last maps and then takes only a weighted sum: the score is
then the mean of one map.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.functional.checks import one_of
from cnnviz.functional.dtypes import floats
from cnnviz.nn.inspection.stages import Stages
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.layers.pointwise import Flatten, Linear
from cnnviz.nn.layers.pooling import GlobalAvgPool2d
from cnnviz.nn.network import Sequential

__all__ = ["ClassMap", "class_map", "edge_share"]

EDGE = 0.25  # share of each side


class ClassMap(NamedTuple):
    """The evidence for a class: `evidence` (H, W), whose mean and the `bias` make the score."""

    evidence: Floats
    bias: float

    @property
    def score(self) -> float:
        """The score, before a softmax."""
        return float(self.evidence.mean(dtype=np.float64)) + self.bias


def class_map(stages: Stages, label: int) -> ClassMap:
    """Return the evidence for class `label`.

    Source: Zhou et al., "Learning deep features for discriminative localization" (2016), arXiv
    1512.04150.

    Raises
    ------
    ValueError
        If the network does not end with the mean of maps and at most one dense layer.

    Examples
    --------
    >>> from cnnviz.nn import Conv2d, Softmax
    >>> network = Sequential([Conv2d(1, 3, 1), GlobalAvgPool2d(), Flatten(), Softmax()])
    >>> stages = Stages(network, np.arange(16.0).reshape(1, 4, 4))
    >>> found = class_map(stages, 2)
    >>> found.evidence.shape, bool(abs(found.score - stages["flatten1"][2]) < 1e-6)
    ((4, 4), True)
    """
    place, dense = _ending(stages.network)
    maps = stages.before(place)
    label = one_of(label, "label", len(maps) if dense is None else dense.weight.shape[0])
    if dense is None:
        return ClassMap(maps[label], 0.0)
    weight = dense.weight.value[label].astype(maps.dtype, copy=False)
    bias = 0.0 if dense.bias is None else float(dense.bias.value[label])
    return ClassMap(np.tensordot(weight, maps, axes=1), bias)


def _ending(network: Sequential) -> tuple[int, Linear | None]:
    """Return the layer that averages the maps, and the dense layer after it, if there is one."""
    means = [i for i, layer in enumerate(network) if isinstance(layer, GlobalAvgPool2d)]
    after = list(network.scorer()[means[-1] + 1 :]) if means else []
    dense = [layer for layer in after if isinstance(layer, Linear)]
    plain = all(isinstance(layer, Linear | Flatten | Dropout) for layer in after)
    if not means or not plain or len(dense) > 1:
        raise ValueError(
            "A class map needs a network that ends with the mean of its maps and at most one "
            f"dense layer; this one ends with {', '.join(network.names[-4:])}."
        )
    return means[-1], dense[0] if dense else None


def edge_share(evidence: ArrayLike) -> float:
    """Return the share of the evidence for a class that lies near the edge of the map (H, W).

    Near means in the outer quarter on any side, which is three quarters of the area. A class whose
    pictures all share a background tends to be recognised by it.

    Examples
    --------
    >>> edge_share(np.ones((8, 8))), edge_share(np.eye(8)[3:5, 3:5].repeat(2, 0).repeat(2, 1))
    (0.75, 0.75)
    """
    spoken = np.maximum(floats(evidence), 0)
    total = float(spoken.sum())
    height, width = spoken.shape
    down, across = round(height * EDGE), round(width * EDGE)
    inside = float(spoken[down : height - down, across : width - across].sum())
    return 1 - inside / total if total else 0.0
