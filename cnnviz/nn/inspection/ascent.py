"""What a unit looks for: gradient ascent on a picture to maximise the unit's activation."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.functional.checks import generator, one_of, pair, whole
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.layers.pointwise import Activation
from cnnviz.nn.network import Sequential

__all__ = ["Climb", "climb"]

SPREADS = (0.5, 1.5, 4.0)  # pixels: smoothing the gradient this much favours shapes over grain
MOST_SHIFT = 8  # pixels of jitter, so that no single pixel matters
FADING = 0.98  # contrast kept in each step: anything the unit does not need fades


class Climb(NamedTuple):
    """One step: its number from 0, the image (C, H, W), and the unit's activation."""

    step: int
    image: Floats
    answer: float


def climb(
    network: Sequential,
    stage: int,
    channel: int,
    *,
    size: tuple[int, int],
    steps: int = 48,
    rate: float = 6.0,
    darkest: ArrayLike = 0.0,
    brightest: ArrayLike = 1.0,
    seed: int = 0,
) -> Iterator[Climb]:
    """Change noise step by step to maximise a channel of a layer; yield each step.

    After a ReLU, the unit before it is maximised, since a silent one has no gradient. Source: the
    idea is Erhan et al., "Visualizing higher-layer features of a deep network" (2009).

    Parameters
    ----------
    network : Sequential
    stage : int
        The number of the layer; the mean of the channel's map is maximised, or its one number.
    channel : int
    size : (H, W)
        Size of the picture; any size works for layers that make maps.
    steps : int
    rate : float
        The mean change per step, in units of the image.
    darkest, brightest : number, or array (C, 1, 1)
        The values of black and white; see `cnnviz.nn.inspection.photos`.
    seed : int
        Determines the initial noise and the shifts.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> way = list(climb(small_cnn((1, 8, 8), "0123456789"), 1, 3, size=(8, 8), steps=9, rate=0.05))
    >>> len(way), way[-1].image.shape, way[-1].answer > way[0].answer
    (10, (1, 8, 8), True)
    """
    front = network[: one_of(stage, "stage", len(network)) + 1]
    if isinstance(front[-1], Activation) and front[-1].kind in ("relu", "relu6") and stage:
        front = front[:-1]
    front = front.with_own_memory().eval()
    channels = _channels(network)
    size = pair(size, "size")
    rows = front.summary((channels, *size))
    count = rows[-1].output_shape[0]
    channel = one_of(channel, "channel", count)
    rng = generator(seed)
    low, high = (np.asarray(end, np.float32) for end in (darkest, brightest))
    middle = (low + high) / 2
    noise = rng.standard_normal((channels, *size)).astype(np.float32)
    image = np.clip(middle + (high - low) / 16 * _smooth(noise), low, high)
    for step in range(whole(steps, "steps") + 1):
        shift = rng.integers(-MOST_SHIFT, MOST_SHIFT + 1, 2)
        answer, slope = _slope(front, np.roll(image, shift, (1, 2)), channel)
        yield Climb(step, image, answer)
        slope = _smooth(np.roll(slope, -shift, (1, 2)))
        slope /= abs(slope).mean() or np.float32(1)
        image = np.clip(middle + FADING * (image - middle) + np.float32(rate) * slope, low, high)


def _channels(network: Sequential) -> int:
    """Return the number of channels that the network takes."""
    if network.input_shape is None:
        raise ValueError("The network does not say which pictures (C, H, W) it is made for.")
    return network.input_shape[0]


def _slope(front: Sequential, image: Floats, channel: int) -> tuple[float, Floats]:
    """Return the mean activation of a channel, and its gradient with respect to the image."""
    out = front.forward(image[None], remember=True)
    direction = np.zeros_like(out)
    direction[0, channel] = 1 / out[0, channel].size
    answer = float(out[0, channel].mean())
    return answer, front.backward(direction)[0]


def _smooth(planes: Floats) -> Floats:
    """Return the sum of (C, H, W) smoothed at several scales, each normalised to the same size."""
    from scipy.ndimage import gaussian_filter  # takes 0.1 s to import; nothing else needs it

    total = np.zeros_like(planes)
    for spread in SPREADS:
        smooth = gaussian_filter(planes, (0, spread, spread), mode="wrap")
        total += smooth / (smooth.std() or 1)
    return total / len(SPREADS)
