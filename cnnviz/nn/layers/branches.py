"""The layers that contain layers: branches side by side, or added."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.nn.layers.layer import Fields, Floats, Layer, Shape, Sight
from cnnviz.nn.layers.parameter import Parameter
from cnnviz.nn.network import Sequential
from cnnviz.nn.summary import Row

if TYPE_CHECKING:
    from typing import Self

__all__ = ["MAX_DEPTH", "Parallel", "Residual", "TwoWays"]

MAX_DEPTH = 16  # how deep the branches of a file may be nested
Branch: TypeAlias = Layer | Iterable[Layer]


class _Branches(Layer):
    """Several chains of layers that all start from the same input."""

    _known: tuple[Shape, list[list[Row]]] | None = None  # the last summary, of an input shape
    _after: tuple[Row, tuple[list[Row], ...]] | None = None  # the last rows, and the one before

    def __init__(self, branches: Sequence[Branch], **settings: Any) -> None:
        self.branches = tuple(map(_chain, branches))
        super().__init__(**settings)

    @property
    def training(self) -> bool:
        """Whether the layers inside are in training mode."""
        return self._training

    @training.setter
    def training(self, training: bool) -> None:
        self._training = training
        for branch in self.branches:
            branch.train(training)

    def __copy__(self) -> "Self":
        """Return a layer with the same weights but its own memory, inside the branches too."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.branches = tuple(branch.with_own_memory() for branch in self.branches)
        return twin

    def parameters(self) -> dict[str, Parameter]:
        """Return the branches' parameters: "1.0.weight" is the weight of branch 1, layer 0."""
        return {
            f"{number}.{name}": parameter
            for number, branch in enumerate(self.branches)
            for name, parameter in branch.parameters().items()
        }

    def buffers(self) -> dict[str, Floats]:
        """Return the arrays that the branches store but do not learn, named like the parameters."""
        return {
            f"{number}.{name}": array
            for number, branch in enumerate(self.branches)
            for name, array in branch.buffers().items()
        }

    @property
    def factors(self) -> str:
        """The factors of all layers with parameters inside, as one sum."""
        counts = [layer.factors for branch in self.branches for layer in branch if layer.factors]
        return counts[0] if len(counts) == 1 else " + ".join(f"({count})" for count in counts)

    def multiply_adds(self, shape: Shape) -> int:
        """Return the sum over all layers inside."""
        return sum(row.multiply_adds for rows in self._rows(shape) for row in rows)

    def fields(self, before: Row) -> Fields:
        """Return the field that covers those of all branches."""
        ends = self._ends(before)
        vertical, horizontal = (
            _together(fields) for fields in zip(*(end.fields for end in ends), strict=True)
        )
        return vertical, horizontal

    def _ends(self, before: Row) -> list[Row]:
        """Return the last row of each branch, which is `before` for an empty one."""
        return [(rows or [before])[-1] for rows in self.rows_inside(before)]

    def rows_inside(self, before: Row) -> tuple[list[Row], ...]:
        """Return the summary rows of each branch after the input's row; the last are kept.

        A row asks for them twice. So would each row inside, a million times for twenty levels.
        """
        known = self._after  # read once: another thread may replace it at any time
        if known and known[0] is before:
            return known[1]
        rows = tuple(before.through(branch) for branch in self.branches)
        self._after = before, rows
        return rows

    def sight(self, shape: Shape) -> Sight:
        """Return the one window that covers those of all branches, in all channels."""
        vertical, horizontal = (field.taps for field in self.fields(Row.of_input(shape)))
        if len(shape) != 3 or vertical is None or horizontal is None:
            return Sight(None, 1)
        return Sight((vertical, horizontal), 1)

    def forget(self) -> None:
        """Release the memory of all layers inside."""
        super().forget()
        for branch in self.branches:
            branch.forget()

    def _rows(self, shape: Shape) -> list[list[Row]]:
        """Return the summary of each branch for an input of `shape`.

        The last one is kept: several properties ask for it, and each would ask all branches inside
        the branches in turn, thousands of times for eight levels.
        """
        known = self._known  # read once: another thread may replace it at any time
        if known and known[0] == shape:
            return known[1]
        rows = []
        for number, branch in enumerate(self.branches, 1):
            try:
                rows.append(branch.summary(shape))
            except ValueError as error:
                raise ValueError(f"In branch {number}: {error}") from None
        self._known = shape, rows
        return rows

    def _shapes(self, shape: Shape) -> list[Shape]:
        """Return the output shape of each branch."""
        return [rows[-1].output_shape if rows else shape for rows in self._rows(shape)]

    def _forward(self, x: Floats, remember: bool) -> list[Floats]:
        return [branch.forward(x, remember=remember) for branch in self.branches]

    def _backward(self, grads: Iterable[Floats], to_input: bool) -> Floats | None:
        """Backpropagate each branch's gradient; return the sum of the gradients at the input."""
        found: list[Any] = [  # None without to_input
            branch.backward(grad, to_input=to_input)
            for branch, grad in zip(self.branches, grads, strict=True)
        ]
        return sum(found[1:], found[0]) if to_input else None


class Parallel(_Branches):
    """Branches side by side on the same input, their maps joined along the channels.

    Parameters
    ----------
    branches : iterable
        Chains of layers, or single layers. An empty chain passes the input on unchanged.

    Attributes
    ----------
    branches : tuple of Sequential

    Examples
    --------
    The expand half of a SqueezeNet module: a 1 × 1 and a 3 × 3 convolution of the same maps.

    >>> from cnnviz.nn import Conv2d
    >>> expand = Parallel([Conv2d(16, 64, 1), Conv2d(16, 64, 3, padding=1)])
    >>> expand.output_shape((16, 56, 56)), expand.factors
    ((128, 56, 56), '(64 × 16 × 1 × 1 + 64) + (64 × 16 × 3 × 3 + 64)')
    """

    kind: ClassVar[str] = "parallel"

    def __init__(self, branches: Iterable[Branch]) -> None:
        if not isinstance(branches, Iterable):
            raise TypeError(f"Parallel is made of a sequence of branches, got {branches!r}.")
        branches = tuple(branches)
        if not branches:
            raise ValueError("Parallel needs at least 1 branch, got 0.")
        super().__init__(branches)
        self.settings = {"branches": tuple(map(tuple, self.branches))}

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C, H', W') with the channels of all branches, whose maps must match in size."""
        shapes = self._shapes(shape)
        if len({(len(each), *each[1:]) for each in shapes}) > 1:
            raise ValueError(
                "Parallel joins maps of one size, but its branches give "
                f"{' and '.join(map(str, shapes))}."
            )
        return sum(each[0] for each in shapes), *shapes[0][1:]

    def branch_of(self, channel: int, shape: Shape) -> tuple[int, int]:
        """Return the branch that makes an output channel, and the channel's number in that branch.

        >>> from cnnviz.nn import Conv2d
        >>> Parallel([Conv2d(1, 4, 1), Conv2d(1, 4, 3, padding=1)]).branch_of(5, (1, 8, 8))
        (1, 1)
        """
        inside = channel
        for number, (count, *_) in enumerate(self._shapes(shape)):
            if 0 <= inside < count:
                return number, inside
            inside -= count
        raise ValueError(f"channel must be from 0 to {channel - inside - 1}, got {channel}.")

    def _compute(self, x: Floats) -> Floats:
        return np.concatenate(self._forward(x, remember=False), axis=1)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        parts = self._forward(x, remember=True)
        counts = [part.shape[1] for part in parts]
        return np.concatenate(parts, axis=1), np.cumsum(counts[:-1], dtype=int)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        return self._backward(np.split(grad, memory, axis=1), to_input)


class TwoWays(_Branches):
    """A branch and a shortcut, whose outputs are combined cell by cell."""

    def __init__(self, branch: Branch, shortcut: Branch = ()) -> None:
        super().__init__((branch, shortcut))
        branch, shortcut = map(tuple, self.branches)
        self.settings = {"branch": branch, "shortcut": shortcut}

    def _check(self, fits: bool, rule: str, made: Shape, short: Shape) -> None:
        """Raise ValueError, with the rule and both shapes, unless the outputs fit together."""
        if not fits:
            way = "shortcut" if len(self.branches[1]) else "input"
            raise ValueError(f"{rule}; the branch gives {made}, the {way} {short}.")


class Residual(TwoWays):
    """Add the output of a branch to its input: x + branch(x).

    Parameters
    ----------
    branch : chain of layers, or one layer
    shortcut : chain of layers, or one layer
        The layers on the other path; usually none, or a 1 × 1 convolution if the branch changes the
        shape.

    Attributes
    ----------
    branches : (Sequential, Sequential)
        The branch and the shortcut.

    Source: He et al., "Deep residual learning for image recognition" (2016).

    Examples
    --------
    >>> from cnnviz.nn import Activation
    >>> Residual(Activation("relu")).forward([[-1.0, 2.0]]).tolist()
    [[-1.0, 4.0]]
    """

    kind: ClassVar[str] = "residual"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the branch, which must be that of the shortcut."""
        made, short = self._shapes(shape)
        self._check(made == short, "Residual adds shapes that are equal", made, short)
        return made

    def _compute(self, x: Floats) -> Floats:
        made, short = self._forward(x, remember=False)
        return made + short

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        made, short = self._forward(x, remember=True)
        return made + short, ()

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        return self._backward((grad, grad), to_input)


def _chain(branch: Branch) -> Sequential:
    if isinstance(branch, Sequential):
        return branch[:]  # with the names of its layers
    return Sequential([branch] if isinstance(branch, Layer) else branch)


def _together(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """Return the field that covers all of these; the jump is that of the largest."""
    start = min(field.start for field in fields)
    size = max(field.start + field.size for field in fields) - start
    return ReceptiveField(size, max(fields).jump, start)
