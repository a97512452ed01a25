"""The output of every layer for one image, and how the answer changes with an edit.

An edit is computed from where it was made; all layers before it are shared with the original run.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.dtypes import floats
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.network import Sequential

__all__ = ["Stages", "StagesCache", "louder", "painted", "strongest_first"]


class Stages:
    """The maps of all layers for one image; they never change.

    Parameters
    ----------
    network : Sequential
    image : array (C, H, W)

    Attributes
    ----------
    network : Sequential
    image : array (C, H, W)
    maps : tuple of arrays
        The output of each layer: (C, H, W), or (N,) for a vector.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> stages = Stages(small_cnn((1, 8, 8), "0123456789"), np.ones((1, 8, 8)))
    >>> silent = stages.changed("relu1", louder(stages["relu1"], [3], 0.0))
    >>> silent["conv1"] is stages["conv1"], bool((silent["relu1"][3] == 0).all())
    (True, True)
    """

    def __init__(self, network: Sequential, image: ArrayLike) -> None:
        self.network = network
        self._runs = network.with_own_memory().eval()
        self.image = floats(image, "image")
        if self.image.ndim != 3:
            raise ValueError(f"image must be (C, H, W), got shape {self.image.shape}.")
        self.maps = self._from(0, self.image)
        self._strongest: dict[int, NDArray[np.int64]] = {}

    def __getitem__(self, stage: str | int) -> Floats:
        """Return the maps of a layer, by its name or number."""
        return self.maps[self.index(stage)]

    def index(self, stage: str | int) -> int:
        """Return the number of a layer, or raise an error that lists the names."""
        if isinstance(stage, int):
            if not 0 <= stage < len(self.maps):
                raise ValueError(f"stage must be from 0 to {len(self.maps) - 1}, got {stage}.")
            return stage
        if stage not in self.network.names:
            raise ValueError(
                f"There is no layer {stage!r}; there are {', '.join(self.network.names)}."
            )
        return self.network.names.index(stage)

    def before(self, stage: str | int) -> Floats:
        """Return the input of a layer."""
        index = self.index(stage)
        return self.maps[index - 1] if index else self.image

    def strongest(self, stage: str | int) -> NDArray[np.int64]:
        """Return the numbers of the maps of a layer, the strongest first; computed once."""
        index = self.index(stage)
        if index not in self._strongest:
            self._strongest[index] = strongest_first(self.maps[index])
        return self._strongest[index]

    @property
    def answer(self) -> Floats:
        """The output of the last layer."""
        return self.maps[-1] if self.maps else self.image

    def changed(self, stage: str | int, maps: ArrayLike) -> "Stages":
        """Return the run with a layer's output replaced by `maps`; only later layers run."""
        index = self.index(stage)
        maps = np.asarray(maps, self.maps[index].dtype)
        if maps.shape != self.maps[index].shape:
            raise ValueError(
                f"The maps of {self.network.names[index]} have shape {self.maps[index].shape}, "
                f"got {maps.shape}."
            )
        made = object.__new__(Stages)
        made.network, made.image, made._strongest = self.network, self.image, {}
        made._runs = self._runs
        made.maps = (*self.maps[:index], maps, *self._from(index + 1, maps))
        return made

    def _from(self, index: int, maps: Floats) -> tuple[Floats, ...]:
        return tuple(stage[0] for stage in self._runs[index:].stages(maps[None]))


def louder(maps: Floats, channels: Sequence[int], factor: float) -> Floats:
    """Return maps (C, H, W) with some channels times `factor`: 0 silences them.

    >>> louder(np.ones((2, 1, 1)), [1], 3.0).ravel().tolist()
    [1.0, 3.0]
    """
    made = maps.copy()
    made[list(channels)] *= maps.dtype.type(factor)
    return made


def painted(image: Floats, mask: ArrayLike, colour: ArrayLike = 0.0) -> Floats:
    """Return an image (C, H, W) with the pixels in `mask` (H, W) painted in one colour.

    Parameters
    ----------
    colour : number, or array (C,)
        For the photo network, 0 is the mean grey.
    """
    mask = np.asarray(mask, bool)
    if mask.shape != image.shape[1:]:
        raise ValueError(f"mask must have shape {image.shape[1:]}, got {mask.shape}.")
    colour = np.asarray(colour, image.dtype).reshape(-1, 1, 1)
    return np.where(mask, colour, image)


def strongest_first(maps: Floats) -> NDArray[np.int64]:
    """Return the numbers of the maps (C, H, W), or of the numbers (N,), the strongest first.

    The strength of a map is the mean of its positive part, which is what a ReLU passes on.

    >>> strongest_first(np.array([[[1.0, -9.0]], [[2.0, 2.0]], [[0.0, 0.0]]])).tolist()
    [1, 0, 2]
    """
    if maps.ndim == 1:
        return np.argsort(-maps, kind="stable")
    return np.argsort(-np.maximum(maps, 0).mean(axis=(1, 2)), kind="stable")


class StagesCache:
    """A thread-safe cache of the stages of the last few images, shared by all sessions.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> network, cache = small_cnn((1, 8, 8), "0123456789"), StagesCache(most=2)
    >>> for name in "aabca":
    ...     stages = cache.get(name, lambda: Stages(network, np.ones((1, 8, 8))))
    >>> list(cache.kept)
    ['c', 'a']
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[Hashable, Stages] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Stages]) -> Stages:
        """Return the stages cached under `key`, or make them and drop the least recently used."""
        with self._lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        made = make()
        with self._lock:
            self.kept[key] = made
            self.kept.move_to_end(key)
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
        return made
