"""Random settings of the Lab, and a way to run a program on them."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from cnnviz.experiments.chain import FeatureMaps, Recipe, feature_maps
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import Kernel
from tests.strategies import MODES


class Chain(NamedTuple):
    """A picture, the recipes for it, and the maps they make."""

    x: np.ndarray
    scale: int
    recipes: list[Recipe]
    maps: list[FeatureMaps]


def chain(seed):
    """Draw settings until they fit the picture."""
    rng = np.random.default_rng(seed)
    while True:
        scale = int(rng.choice([1, 255]))
        x = rng.integers(0, 256, (*((3,) * rng.integers(2)), *rng.integers(5, 20, 2))) * scale / 255
        recipe = _recipe(rng)
        recipes = [replace(recipe, kernel=kernel) for kernel in _kernels(rng)]
        try:
            return Chain(x, scale, recipes, [feature_maps(x, each) for each in recipes])
        except ValueError:  # the window does not fit, or reflection exceeds the picture
            continue


def _kernels(rng):
    shapes = rng.integers(1, 6, (rng.choice([1, 1, 2, 3]), 2))
    if rng.integers(2):
        shapes[:] = shapes[0]
    return [
        Kernel(f"own_{number % 2}", "own", rng.integers(-9, 10, shape) / rng.choice([1, 4]),
               float(rng.choice([1, 9, -2.5])))
        for number, shape in enumerate(shapes)
    ]  # fmt: skip


def _recipe(rng):
    def one_of(*choices):
        return choices[rng.integers(len(choices))]

    def pair(low, high):
        return tuple(int(number) for number in rng.integers(low, high, 2))

    activation = one_of(*ACTIVATIONS.values())
    turned = {each.name: float(rng.uniform(each.low, each.high)) for each in activation.parameters}
    window = pair(1, 5)
    return Recipe(
        kernel=None,
        flip=one_of(True, False),
        bias=one_of(0.0, 2.5, -0.75),
        stride=one_of((1, 1), pair(1, 4)),
        padding=one_of("valid", "same", "same", "full", (pair(0, 4), pair(0, 4)), ((1, 1), (2, 2))),
        padding_mode=one_of("zeros", *MODES),
        dilation=one_of((1, 1), pair(1, 4)),
        activation=activation.name,
        parameters=turned if activation.name == "prelu" else one_of({}, turned),
        pooling=one_of("max", "average", "none"),
        window=window,
        pool_stride=one_of(window, pair(1, 5)),
        pool_padding=one_of((0, 0), tuple(int(rng.integers(0, side // 2 + 1)) for side in window)),
        ceil_mode=one_of(True, False),
        count_include_pad=one_of(True, False),
    )


def run(program, x, folder, monkeypatch):
    """Run a program in a folder where it finds `x`, and return the names it defines."""
    np.save(folder / "input.npy", x)
    monkeypatch.chdir(folder)
    left = {}
    exec(program, left)
    return left


def assert_same_maps(left, chain):
    """Compare the maps that a program computed with ours, shape for shape."""
    several = len(chain.recipes) > 1
    stages = FeatureMaps._fields[: 2 if chain.recipes[0].pooling == "none" else 3]
    assert ("pooled" in left) == ("pooled" in stages)
    for stage in stages:
        results = list(left[stage].values()) if several else [left[stage]]
        assert len(results) == len(chain.maps)
        for result, maps in zip(results, chain.maps, strict=True):
            expected = getattr(maps, stage)
            assert [side for side in result.shape if side != 1] == [
                side for side in expected.shape if side != 1
            ]
            np.testing.assert_allclose(
                np.asarray(result).reshape(expected.shape), expected, rtol=1e-9, atol=1e-10
            )
