"""The chain of the Lab: convolution, activation, pooling."""

import numpy as np
import scipy.signal

from cnnviz.experiments.chain import Recipe, feature_maps
from cnnviz.kernels import Kernel


def test_areas_in_black_surroundings_stay_exactly_zero_through_the_chain():
    random = np.random.default_rng(0)
    picture = np.zeros((392, 392))
    picture[40:226, 60:246] = random.integers(1, 256, (186, 186))
    kernel = Kernel("own", "own", random.normal(size=(15, 15)))
    maps = feature_maps(picture, Recipe(kernel, activation="relu", pooling="max"))
    reached = scipy.signal.correlate2d(picture > 0, np.ones(kernel.shape, int), "same") > 0
    np.testing.assert_array_equal(maps.features != 0, reached)
    assert round((maps.features == 0).mean() * 100) == 74
    assert not maps.activated[~reached].any()
    assert not maps.pooled[~reached.reshape(196, 2, 196, 2).any(axis=(1, 3))].any()
