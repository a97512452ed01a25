"""Random chains on small pictures, for comparing the browser's arithmetic with cnnviz."""

import numpy as np

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import Kernel
from cnnviz.ui.chain.run import Run, run
from tests.strategies import MODES


def random_run(rng: np.random.Generator) -> Run:
    """Draw settings until they fit; they cover every parameter of the Lab."""
    while True:
        given, recipe = random_input(rng), random_recipe(rng)
        try:
            return run(given, [recipe])
        except ValueError:
            continue


def random_input(rng: np.random.Generator) -> Input:
    shape = tuple(map(int, rng.integers(4, 14, 2)))
    if rng.random() < 0.4:
        shape = (3, *shape)
    kind = rng.integers(3)
    if kind == 2:
        return Input.numbers(rng.normal(size=shape))
    pixels = rng.integers(0, 256, shape, dtype=np.uint8)
    return Input.picture(pixels, (255.0, 1.0)[kind])


def random_recipe(rng: np.random.Generator) -> Recipe:
    activation = ACTIVATIONS[str(rng.choice(list(ACTIVATIONS)))]
    window = tuple(map(int, rng.integers(1, 4, 2)))
    padding = rng.choice(["valid", "same", "full", "sides"])
    if padding == "sides":
        padding = tuple(tuple(map(int, rng.integers(0, 4, 2))) for _ in range(2))
    return Recipe(
        random_kernel(rng),
        flip=bool(rng.random() < 0.3),
        bias=float(rng.choice([0, 7, -3.25])),
        stride=tuple(map(int, rng.integers(1, 4, 2))),
        padding=padding if isinstance(padding, tuple) else str(padding),
        padding_mode=str(rng.choice(MODES)),
        dilation=tuple(map(int, rng.integers(1, 4, 2))),
        activation=activation.name,
        parameters={
            parameter.name: float(rng.uniform(parameter.low, parameter.high))
            for parameter in activation.parameters
        },
        pooling=str(rng.choice(["max", "average", "none"])),
        window=window,
        pool_stride=tuple(map(int, rng.integers(1, 4, 2))),
        pool_padding=tuple(int(rng.integers(0, side // 2 + 1)) for side in window),
        ceil_mode=bool(rng.random() < 0.4),
        count_include_pad=bool(rng.random() < 0.5),
    )


def random_kernel(rng: np.random.Generator) -> Kernel:
    shape = rng.integers(1, 8, 2)
    if rng.random() < 0.6:
        return Kernel("own", "own", rng.integers(-9, 10, shape), int(rng.choice([1, 1, 9, 16])))
    return Kernel("own", "own", rng.normal(size=shape))
