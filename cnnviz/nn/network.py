"""Layers in a row."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.functional.checks import sizes
from cnnviz.functional.dtypes import floats
from cnnviz.nn.layers.layer import Floats, Layer, Shape
from cnnviz.nn.layers.parameter import Parameter
from cnnviz.nn.layers.pointwise import Softmax
from cnnviz.nn.summary import Row, layer_names

__all__ = ["Sequential"]


class Sequential:
    """A network in which each layer takes the output of the one before.

    Parameters
    ----------
    layers : iterable of Layer
    input_shape : tuple of int, optional
        (C, H, W) of the inputs it is designed for.
    classes : iterable of str, optional
        The names of its outputs.
    names : iterable of str, optional
        Unique names for its layers; by default their kinds, numbered.

    Raises
    ------
    ValueError
        If the layers do not fit that input, or each other; the message names layer and numbers.

    Examples
    --------
    >>> from cnnviz.nn import Activation, Conv2d, Flatten, Linear
    >>> network = Sequential(
    ...     [Conv2d(1, 4, 3), Activation("relu"), Flatten(), Linear(144, 10)], input_shape=(1, 8, 8)
    ... )
    >>> network.forward(np.zeros((5, 1, 8, 8))).shape
    (5, 10)
    >>> [row.parameters for row in network.summary()]
    [40, 0, 0, 1450]
    """

    def __init__(
        self,
        layers: Iterable[Layer],
        *,
        input_shape: Shape | None = None,
        classes: Iterable[str] = (),
        names: Iterable[str] = (),
    ) -> None:
        if not isinstance(layers, Iterable):
            raise TypeError(f"A network is made of a sequence of layers, got {layers!r}.")
        self.layers = tuple(layers)
        for layer in self.layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"A network is made of layers, got {layer!r}.")
        everywhere = list(map(id, self.all_layers()))
        if len(set(everywhere)) < len(everywhere):
            raise ValueError("One layer is used twice; each place needs a layer of its own.")
        self.names = tuple(names) or layer_names(self.layers)
        if len(self.names) != len(self.layers) or len(set(self.names)) != len(self.names):
            raise ValueError(
                f"{len(self.layers)} layers need {len(self.layers)} different names, got "
                f"{len(set(self.names))} in {len(self.names)}."
            )
        self.input_shape = None if input_shape is None else sizes(input_shape, "input_shape")
        self.classes = tuple(classes)
        if self.input_shape is not None:
            self.summary()

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    @overload
    def __getitem__(self, index: int) -> Layer: ...
    @overload
    def __getitem__(self, index: slice) -> "Sequential": ...
    def __getitem__(self, index: int | slice) -> "Layer | Sequential":
        """Return one layer, or a network of several, with the same weights."""
        if isinstance(index, slice):
            return Sequential(self.layers[index], names=self.names[index])
        return self.layers[index]

    def all_layers(self) -> Iterator[Layer]:
        """Yield every layer, followed directly by the layers in its branches."""
        for layer in self.layers:
            yield layer
            for branch in layer.branches:
                yield from branch.all_layers()

    def __repr__(self) -> str:
        return "\n".join(
            f"{name:10}{layer}" for name, layer in zip(self.names, self.layers, strict=True)
        )

    def forward(self, x: ArrayLike, *, remember: bool = False) -> Floats:
        """Return the output of the last layer for a batch (N, C, H, W).

        Only a pass with `remember` can be followed by `backward`. Without it, nothing changes
        (except the running statistics in training mode), so several threads can share a network.
        """
        for stage in self.each_stage(x, remember=remember):
            x = stage
        return np.asarray(x)

    def stages(self, x: ArrayLike) -> list[Floats]:
        """Return the output of every layer for a batch (N, C, H, W), first layer first."""
        return list(self.each_stage(x))

    def each_stage(self, x: ArrayLike, *, remember: bool = False) -> Iterator[Floats]:
        """Yield the output of each layer for a batch (N, C, H, W), as soon as it is computed."""
        for name, layer in zip(self.names, self.layers, strict=True):
            try:
                x = layer.forward(x, remember=remember)
            except ValueError as error:
                raise ValueError(f"In {name}: {error}") from None
            yield x

    @overload
    def backward(self, grad: ArrayLike, *, to_input: Literal[True] = True) -> Floats: ...
    @overload
    def backward(self, grad: ArrayLike, *, to_input: bool) -> Floats | None: ...
    def backward(self, grad: ArrayLike, *, to_input: bool = True) -> Floats | None:
        """Set the gradients of all parameters; return that of the last remembered input.

        The arguments are those of `Layer.backward`.
        """
        learning = [index for index, layer in enumerate(self.layers) if layer.parameters()]
        first = 0 if to_input or not learning else learning[0]
        for index in reversed(range(first + 1, len(self))):
            grad = self.layers[index].backward(grad)
        if len(self) == 0:
            return floats(grad, "grad")
        return self.layers[first].backward(grad, to_input=to_input)

    def parameters(self) -> dict[str, Parameter]:
        """Return all parameters, named "0.weight", "0.bias" … as in PyTorch's `state_dict`."""
        return {
            f"{index}.{name}": parameter
            for index, layer in enumerate(self.layers)
            for name, parameter in layer.parameters().items()
        }

    def buffers(self) -> dict[str, Floats]:
        """Return the arrays that are stored with the weights but not learned, named like them."""
        return {
            f"{index}.{name}": array
            for index, layer in enumerate(self.layers)
            for name, array in layer.buffers().items()
        }

    def summary(self, input_shape: Shape | None = None) -> list[Row]:
        """Return one row per layer, without creating any weights.

        Raises
        ------
        ValueError
            If a layer does not fit; the message names it and the numbers.
        TypeError
            If the shape does not consist of whole numbers.
        """
        shape = self.input_shape if input_shape is None else input_shape
        if shape is None:
            raise ValueError("summary needs an input shape, as (3, 224, 224).")
        return Row.of_input(sizes(shape, "input_shape")).through(self)

    def train(self, training: bool = True) -> "Sequential":
        """Switch to training mode, for batch normalisation and dropout, and return the network."""
        for layer in self.layers:
            layer.training = training
        return self

    def eval(self) -> "Sequential":
        """Switch to inference mode, with the running statistics, and return the network."""
        return self.train(False)

    def forget(self) -> "Sequential":
        """Release the memory of the last remembered pass, and return the network.

        That memory is several times as large as the weights, and grows with the batch.
        """
        for layer in self.layers:
            layer.forget()
        return self

    def without_softmax(self) -> "Sequential":
        """Return the network that ends with the scores: the same layers except a final Softmax."""
        softmax = bool(self.layers) and isinstance(self.layers[-1], Softmax)
        return self._of(self.layers[:-1] if softmax else self.layers)

    def scorer(self) -> "Sequential":
        """Return the network that ends with the scores: without a final Softmax or sigmoid."""
        last = self.layers[-1].kind if self.layers else ""
        return self._of(self.layers[:-1]) if last == "sigmoid" else self.without_softmax()

    def with_own_memory(self) -> "Sequential":
        """Return a network with these weights and its own memory for `backward`."""
        return self._of([copy.copy(layer) for layer in self.layers])

    def _of(self, layers: Sequence[Layer]) -> "Sequential":
        """Return a network with these of its layers, for the same input and classes."""
        return Sequential(
            layers,
            input_shape=self.input_shape,
            classes=self.classes,
            names=self.names[: len(layers)],
        )

    def save(self, file: str | Path | BinaryIO, *, half: bool = False) -> None:
        """Write settings and weights to an npz file, named as in `parameters`.

        `load` gives all weights back as float32, whatever they are here. With `half` they are
        float16 in the file, and compressed: less than half the size, three digits; arrays with
        numbers above 65504 stay as they are.

        Parameters
        ----------
        file : str, Path or open file
            The name is taken as it is: no .npz is added.
        half : bool

        Raises
        ------
        ValueError
            If `load` would refuse the file: it is too large, or its names are too long, or weights
            are not finite. Nothing is written then.
        """
        from cnnviz.nn.formats import (
            npz,  # imports all layers, and some of them contain networks
        )

        npz.save(self, file, half=half)

    @classmethod
    def load(cls, file: str | Path | BinaryIO) -> "Sequential":
        """Read a network that `save` wrote, from a path or an open file.

        Nothing in the file is ever run, and no size it claims is trusted.

        Raises
        ------
        ValueError
            If the file is not such a network; the message says what is wrong with it.
        TypeError
            If it is neither; `load_model` reads bytes.
        """
        from cnnviz.nn.formats import npz

        layers, settings = npz.load(file)
        return cls(layers, **settings)
