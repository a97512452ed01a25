"""Runs the programs in the libraries they are written for; see requirements-peers.txt."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import pytest

from cnnviz.ui.export.programs import keras, pytorch
from tests.peers.chains import assert_same_maps, chain, run

pytestmark = [pytest.mark.peers, pytest.mark.parametrize("seed", range(200))]


def test_the_pytorch_program_leaves_the_maps_of_the_lab(seed, tmp_path, monkeypatch):
    _compare(pytorch, seed, tmp_path, monkeypatch)


def test_the_keras_program_leaves_the_maps_of_the_lab(seed, tmp_path, monkeypatch):
    _compare(keras, seed, tmp_path, monkeypatch)


def _compare(dialect, seed, folder, monkeypatch):
    settings = chain(seed)
    program = dialect(settings.recipes, colour=settings.x.ndim == 3, scale=settings.scale)
    assert_same_maps(run(program, settings.x, folder, monkeypatch), settings)
