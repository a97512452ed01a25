"""Random settings of Geometry's way back, and a comparison of its programs' maps with ours."""

from typing import NamedTuple

import numpy as np

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.kernels import box
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.geometry import views
from tests.strategies import MODES


class Way(NamedTuple):
    """The mean of a picture, its transposed convolution, and the output padding of that."""

    run: Run
    back: np.ndarray
    output_padding: tuple[int, int]


def way(seed):
    """Draw settings until they fit the picture."""
    rng = np.random.default_rng(seed)
    while True:
        x = rng.integers(0, 256, (*((3,) * rng.integers(2)), *rng.integers(4, 20, 2)), np.uint8)
        sides = tuple((int(before), int(after)) for before, after in rng.integers(0, 4, (2, 2)))
        padding = ("valid", "same", "full", ((2, 2), (1, 1)), sides)[rng.integers(5)]
        recipe = Recipe(
            box(int(rng.integers(1, 6))),
            stride=(int(rng.integers(1, 4)),) * 2,
            dilation=(int(rng.integers(1, 4)),) * 2,
            padding=padding,
            padding_mode=MODES[rng.integers(4)],
            activation="none",
            pooling="none",
        )
        try:
            made = run(Input.picture(x, float((1, 255)[rng.integers(2)])), [recipe])
            return Way(made, *views.way_back(made, complete=bool(rng.integers(2))))
        except ValueError:  # the window does not fit, or nothing is left without the padding
            continue


def assert_same_way(left, way):
    """Compare the maps that a program computed with ours."""
    for name, expected in (("there", way.run.maps[0].features), ("back", way.back)):
        result = np.squeeze(np.asarray(left[name]))
        np.testing.assert_allclose(result, np.squeeze(expected), rtol=1e-9, atol=1e-10)
