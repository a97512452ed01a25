"""Turn a graph of steps into a sequence of layers, with branches where the graph has them.

A waist is a value that every path to the output passes through. Between two waists there is one
layer, or branches that are joined: a `Parallel` if concatenated, a `Residual` if added, a `Gated`
if multiplied. Source of the waists: Cooper, Harvey & Kennedy, "A simple, fast dominance algorithm"
(2001).
"""

from collections.abc import Iterable, Sequence

import numpy as np

from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.from_weights import affine, linear
from cnnviz.nn.formats.gates import check_known, gated
from cnnviz.nn.formats.graph import Graph, Step
from cnnviz.nn.layers.affine import Affine
from cnnviz.nn.layers.branches import MAX_DEPTH, Parallel, Residual
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.pointwise import Linear

__all__ = ["longest"]


def longest(graph: Graph, output: str) -> tuple[list[Layer], str]:
    """Return the layers up to a value, or up to the last waist before it that we can express.

    Unsupported steps are counted in the graph. The name of the value reached is returned too.
    """
    waists = _Ways(graph).waist
    while output in graph.steps:
        try:
            layers = _Ways(graph).between(graph.input.name, output)
            check_known(layers)
            return layers, output
        except Unsupported as reason:
            graph.unsupported[str(reason)] += 1
            output = waists[output]
    return [], output


class _Ways:
    """The waists of every value of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.steps = graph.steps
        self.depth = {graph.input.name: 0}
        self.waist: dict[str, str] = {}  # the nearest one before each value
        self.taken: set[str] = set()
        for name, step in graph.steps.items():
            before = self._meeting(step.inputs)
            self.waist[name] = before
            self.depth[name] = self.depth[before] + 1

    def _meeting(self, values: Iterable[str]) -> str:
        """Return the last value that all of these depend on, or are."""
        first, *rest = values
        for other in rest:
            while first != other:
                if self.depth[first] > self.depth[other]:
                    first = self.waist[first]
                else:
                    other = self.waist[other]
        return first

    def between(self, start: str, end: str, depth: int = 0) -> list[Layer]:
        """Return the layers from one waist to a later one, inside `depth` branches."""
        if depth > MAX_DEPTH:
            raise Unsupported(f"branches nested more than {MAX_DEPTH} deep")
        pieces: list[list[Layer]] = []
        while end != start:
            step = self.steps[end]
            if end in self.taken:
                raise Unsupported(f"{step.operator} that is used in two branches")
            self.taken.add(end)
            before = self.waist[end]
            pieces.append([step.layer] if step.layer else self._joined(step, before, depth + 1))
            end = before
        return tidied([layer for piece in reversed(pieces) for layer in piece])

    def _joined(self, step: Step, fork: str, depth: int) -> list[Layer]:
        if step.joint == "concat":
            return [self._side_by_side(step.inputs, fork, depth)]
        branches = [self.between(fork, value, depth) for value in step.inputs]
        if step.joint == "mul":
            return gated(branches)
        for branch in branches:
            check_known(branch)
        branches.sort(key=len, reverse=True)  # the shortest is the shortcut
        made = Residual(*branches[:2])
        for branch in branches[2:]:
            made = Residual(made, branch)
        return [made]

    def _side_by_side(self, values: Sequence[str], fork: str, depth: int) -> Parallel:
        """Return the branches from a fork to neighbouring values, joined.

        Values that share a later fork, as each of x, f(x), g(f(x)), … shares one with the next, are
        branches within a branch.
        """
        branches = []
        while values:
            count, meeting = 1, values[0]
            for value in values[1:]:
                further = self._meeting((meeting, value))
                if further == fork:
                    break
                count, meeting = count + 1, further
            branch = self.between(fork, meeting, depth)
            if count > 1:
                branch = [*branch, self._side_by_side(values[:count], meeting, depth + 1)]
            check_known(branch)
            branches.append(branch)
            values = values[count:]
        return Parallel(branches)


def tidied(layers: list[Layer]) -> list[Layer]:
    """Merge the operators that exporters write for one layer back into that layer.

    A shift right after a dense layer without a bias becomes its bias, two scales become one, and a
    scale that changes nothing is removed.
    """
    kept: list[Layer] = []
    for layer in layers:
        kept.append(layer)
        while len(kept) > 1 and (made := _together(*kept[-2:])):
            kept[-2:] = [made]
        if isinstance(kept[-1], Affine) and len(kept) > 1 and _changes_nothing(kept[-1]):
            kept.pop()
    return kept


def _together(first: Layer, second: Layer) -> Layer | None:
    """Return the one layer that is equivalent to these two, or None."""
    if not isinstance(second, Affine):
        return None
    scale, shift = second.weight.value, second.bias.value
    if isinstance(first, Affine):
        return affine(first.weight.value * scale, first.bias.value * scale + shift)
    if isinstance(first, Linear) and first.bias is None and (scale == 1).all():
        weight = first.weight.value
        return linear(weight, np.broadcast_to(shift, (len(weight),)))
    return None


def _changes_nothing(layer: Affine) -> bool:
    return bool((layer.weight.value == 1).all() and (layer.bias.value == 0).all())
