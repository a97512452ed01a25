"""The programs of the parts of Geometry and Kernels, run in the libraries they are for."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz.experiments.borders import bordered
from cnnviz.experiments.composition import compare_cascade
from cnnviz.kernels import Kernel, compose
from cnnviz.ui.geometry.programs import border_code, way_back_code
from cnnviz.ui.kernels.programs import cascade_code
from tests.peers.chains import run
from tests.peers.ways import assert_same_way, way
from tests.strategies import MODES

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning"),  # of Keras on PyTorch
    pytest.mark.parametrize("library", ["NumPy and SciPy", "PyTorch", "Keras"]),
]


@pytest.mark.parametrize("seed", range(100))
def test_the_programs_give_the_map_and_its_way_back(library, seed, tmp_path, monkeypatch):
    made = way(seed)
    program = way_back_code(made.run, made.output_padding).programs[library]
    assert_same_way(run(program, made.run.input.values.astype(float), tmp_path, monkeypatch), made)


def test_the_programs_give_the_borders_and_their_means(library, tmp_path, monkeypatch):
    x = np.random.default_rng(0).integers(0, 256, (24, 30)).astype(float)
    left = run(border_code(5).programs[library], x, tmp_path, monkeypatch)
    for mode in MODES:
        wanted = bordered(x, 5, mode)
        for name, expected in (("border", wanted.padded), ("mean", wanted.mean)):
            found = np.squeeze(np.asarray(left[name][mode]))
            np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_the_programs_give_the_maps_of_two_kernels_in_a_row(library, seed, tmp_path, monkeypatch):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 256, (*((3,) * (seed % 2)), 9, 11)).astype(float)
    first, second = (
        Kernel("own", "own", rng.integers(-9, 10, rng.integers(1, 6, 2)), float(rng.choice([1, 9])))
        for _ in range(2)
    )
    kernels = first, second, compose(first, second)
    program = cascade_code(*kernels, colour=x.ndim == 3).programs[library]
    left, wanted = run(program, x, tmp_path, monkeypatch), compare_cascade(x, *kernels)
    names = {"first": "first", "then": "second", "all_at_once": "whole", "difference": "difference"}
    for name, ours in names.items():
        np.testing.assert_allclose(left[name], getattr(wanted, ours), rtol=1e-9, atol=1e-8)
