"""The programs of Border and the way back, run in the libraries they are written for."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz.experiments.borders import bordered
from cnnviz.ui.geometry.programs import border_code, way_back_code
from tests.peers.chains import run
from tests.peers.ways import MODES, assert_same_way, way

pytestmark = [
    pytest.mark.peers,
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
