"""Teaching one kernel: gradient descent turns noise into a kernel that imitates another one."""

from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import generator, real, whole
from cnnviz.functional.convolution import conv2d, convolve_channels
from cnnviz.functional.dtypes import floats
from cnnviz.nn.layers.parameter import Parameter, Seed
from cnnviz.nn.training.optimisers import SGD, Adam, Optimiser

__all__ = ["METHODS", "KernelFitting", "KernelMoment", "fit_kernel"]

Map: TypeAlias = NDArray[np.floating]
Method: TypeAlias = Literal["momentum", "gradient", "adam", "whitened"]

# The learning rate has a different meaning for each method, so the defaults differ. With these, a
# Sobel kernel is reached on every sample photo that tells kernels apart: in 220 steps with
# momentum, in 2400 by plain descent, in 610 by Adam, in 110 by Gauss–Newton.
METHODS: dict[Method, float] = {"momentum": 1.8, "gradient": 1.8, "adam": 0.2, "whitened": 0.05}
MOMENTUM = 0.9
PRECISE = 0.01  # share of the target's largest weight, or of 1, that counts as reached
EXPLODED = 1e6  # times the initial loss: the map is a thousand times as large
SAME_MAP = 1e-8  # share of the mean square of the target map
SAME = 1e-10  # share of the largest variance: below it, two kernels look the same here


class KernelMoment(NamedTuple):
    """The state before one step: the number of steps, and how far there is to go.

    `loss` is the mean squared error of the map over the mean square of the target map, so that 1
    is no better than an empty map (if that map is empty, the mean squared error itself); `distance`
    is the largest difference of any weight.
    """

    step: int
    loss: float
    distance: float


class KernelFitting:
    """A kernel on its way from noise to a target, one step at a time.

    The loss is the mean squared error between the feature map of the kernel and that of the target,
    on one picture (normalised to mean 0 and variance 1, with no padding). Its exact gradient is
    2 / n times the correlation of the picture with the error.

    Neighbouring pixels are nearly equal, so the loss falls steeply for kernels that differ in
    brightness and hardly at all for those that differ in detail: plain descent, with one rate
    for all, takes thousands of steps on a photo. Four methods:

    * "momentum": plain descent that keeps nine tenths of the last step, so that small steps in
      the same direction add up: a hundred or two on a photo.
    * "whitened": the gradient is divided by the covariance of the windows (as in a
      Gauss–Newton step), which removes the differences in steepness: the distance shrinks by the
      factor 1 − rate at each step, on any picture.
    * "gradient": plain descent. The rate is in units of 1 / the largest steepness: below 2 every
      error shrinks, above 2 it blows up.
    * "adam": a separate rate for each weight; better than plain, but the directions that matter
      are not single weights.

    Parameters
    ----------
    picture : array (H, W)
    target : array (kH, kW)
        The kernel to imitate.
    method : "whitened", "gradient", "momentum" or "adam"
    learning_rate : float, optional
        By default that of `METHODS`; it may be changed between steps.
    seed : int or Generator
        Seed of the initial noise, which has the spread of the target's weights.

    Attributes
    ----------
    kernel : array (kH, kW)
        The current kernel.
    history : list of KernelMoment
        One for each step taken.

    Examples
    --------
    >>> from cnnviz import KERNELS
    >>> from cnnviz.images.samples import sample_picture
    >>> fitting = KernelFitting(sample_picture("x").pixels[..., 0], KERNELS["sobel_x"].matrix)
    >>> while fitting.distance > 0.01:
    ...     _ = fitting.step()
    >>> fitting.kernel.round(1) + 0.0
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """

    def __init__(
        self,
        picture: ArrayLike,
        target: ArrayLike,
        *,
        method: Method = "whitened",
        learning_rate: float | None = None,
        seed: Seed = 0,
    ) -> None:
        picture, self.target = _plane(picture, "picture"), _plane(target, "target")
        if method not in get_args(Method):
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}.")
        if picture.std() == 0:
            raise ValueError(f"All pixels are {picture.flat[0]:g}: there is nothing to learn from.")
        self.method = method
        rate = METHODS[method] if learning_rate is None else learning_rate
        self.learning_rate = real(rate, "learning_rate", low=0)
        self.picture = (picture - picture.mean()) / picture.std()
        self.target_map = convolve_channels(self.picture, self.target)  # 0 where terms cancel
        self.history: list[KernelMoment] = []
        spread = self.target.std() or abs(self.target).max() or 1.0
        noise = generator(seed).standard_normal(self.target.shape)
        self._weight = Parameter(self.target.shape, np.zeros)
        self._weight.value = spread * noise
        optimisers: dict[str, Optimiser] = {
            "adam": Adam([self._weight], self.learning_rate),
            "momentum": SGD([self._weight], self.learning_rate, MOMENTUM),
            "gradient": SGD([self._weight], self.learning_rate),
        }
        self._optimiser = optimisers.get(method)
        self._inverse, self._steepest, self.directions = _curvature(self.picture, self.target.shape)
        self._scale = float((self.target_map**2).mean()) or 1.0

    @property
    def kernel(self) -> Map:
        """The current weights."""
        return self._weight.value

    @property
    def map(self) -> Map:
        """The feature map (H', W') of the current kernel."""
        return conv2d(self.picture, self.kernel)

    @property
    def distance(self) -> float:
        """The largest difference of any weight from the target's.

        It stays above 0 if `directions`, the number of independent ways in which the windows of the
        picture differ, is smaller than the number of weights: several kernels then give the same
        map, and the lesson finds one of them.
        """
        return float(abs(self.kernel - self.target).max())

    @property
    def steepness(self) -> float:
        """The largest second derivative of the mean squared error; the rate is divided by it."""
        return self._steepest

    @property
    def precision(self) -> float:
        """How close every weight must be to the target's to count as reached."""
        return PRECISE * min(1.0, float(abs(self.target).max()) or 1.0)

    @property
    def reached(self) -> bool:
        """Whether every weight equals the target's, to within `precision`."""
        return self.distance <= self.precision

    @property
    def diverged(self) -> bool:
        """Whether the map has become so much worse that it cannot recover."""
        start = self.history[0].loss if self.history else np.inf
        return not self.loss <= EXPLODED * max(start, 1.0)

    @property
    def ambiguous(self) -> bool:
        """Whether the map is right, but several kernels make the same map from this picture."""
        return self.directions < self.target.size and self.loss < SAME_MAP

    @property
    def loss(self) -> float:
        """The mean squared error of the map, over the mean square of the target map unless 0."""
        return self._loss(self._error())

    def gradient(self) -> Map:
        """Return the derivative of the mean squared error with respect to each weight."""
        return self._gradient(self._error())

    def step(self) -> KernelMoment:
        """Move the kernel one step down, and return the state before it."""
        with np.errstate(over="ignore", invalid="ignore"):  # shown on the page, not warned about
            error = self._error()
            moment = KernelMoment(len(self.history), self._loss(error), self.distance)
            self._descend(self._gradient(error))
        self.history.append(moment)
        return moment

    def _error(self) -> Map:
        return self.map - self.target_map

    def _loss(self, error: Map) -> float:
        return float((error**2).mean()) / self._scale

    def _gradient(self, error: Map) -> Map:
        return 2 / error.size * _correlation(self.picture, error)

    def _descend(self, gradient: Map) -> None:
        if self._optimiser:
            unit = 1.0 if self.method == "adam" else self._steepest
            self._weight.grad = gradient
            self._optimiser.learning_rate = self.learning_rate / unit
            self._optimiser.step()
        else:
            whitened = (self._inverse @ gradient.ravel()).reshape(gradient.shape)
            self._weight.value -= self.learning_rate * whitened


def fit_kernel(
    picture: ArrayLike,
    target: ArrayLike,
    *,
    steps: int = 300,
    method: Method = "whitened",
    learning_rate: float | None = None,
    seed: Seed = 0,
) -> KernelFitting:
    """Return a lesson after `steps` steps, or once all weights are right to within 1e-3.

    Examples
    --------
    >>> from cnnviz.images.samples import sample_picture
    >>> fit_kernel(sample_picture("o").pixels[..., 0], [[0, 1, -1]]).kernel.round(2) + 0.0
    array([[ 0.,  1., -1.]])
    """
    fitting = KernelFitting(picture, target, method=method, learning_rate=learning_rate, seed=seed)
    steps = whole(steps, "steps", minimum=0)
    while len(fitting.history) < steps and fitting.distance > 1e-3:
        fitting.step()
    return fitting


def _correlation(picture: Map, error: Map) -> Map:
    """Return for each position in the kernel the sum of the pixels under it × the error."""
    height, width = (p - e + 1 for p, e in zip(picture.shape, error.shape, strict=True))
    rows, columns = error.shape
    return np.array(
        [
            [(picture[r : r + rows, c : c + columns] * error).sum() for c in range(width)]
            for r in range(height)
        ]
    )


def _curvature(picture: Map, shape: tuple[int, int]) -> tuple[Map, float, int]:
    """Return the inverse of the loss's second derivative, its largest eigenvalue, and its rank.

    The second derivative is twice the mean product of each pair of cells in a window.
    """
    windows = np.lib.stride_tricks.sliding_window_view(picture, shape)
    size = np.prod(shape)
    products = np.zeros((size, size))
    for row in windows:  # all at once would take a copy of the picture per weight
        cells = row.reshape(-1, size)
        products += cells.T @ cells
    curvature = 2 / (windows.size / size) * products
    steepness, directions = np.linalg.eigh(curvature)
    told_apart = steepness > SAME * steepness[-1]
    directions, steepness = directions[:, told_apart], steepness[told_apart]
    return directions / steepness @ directions.T, float(steepness[-1]), int(told_apart.sum())


def _plane(value: ArrayLike, name: str) -> Map:
    plane = floats(value, name).astype(np.float64)
    if plane.ndim != 2:
        raise ValueError(f"{name} must be (H, W), got shape {plane.shape}.")
    if not np.isfinite(plane).all():
        raise ValueError(f"{name} must hold finite numbers.")
    return plane
