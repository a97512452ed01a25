"""The programs that the Layers page offers, run with the files beside them in the ZIP."""

import io
import os
import runpy
import zipfile

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz.ui.layers import files
from tests.ui.overviews import run_of

pytestmark = pytest.mark.peers
PHOTO = np.random.default_rng(0).integers(0, 256, (24, 20, 3), np.uint8)


def test_the_programs_give_the_numbers_of_the_page(tmp_path, monkeypatch):
    run = run_of("conv3s2,norm,relu,max3s2,flatten,dense4,softmax", PHOTO)
    with zipfile.ZipFile(io.BytesIO(files.archive(run, {}))) as folder:
        folder.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    made = runpy.run_path("pytorch.py")
    np.testing.assert_allclose(made["network"](made["x"]).detach()[0], run.stages[-1], atol=1e-5)
    made = runpy.run_path("keras_program.py")
    answer = made["network"](made["x"], training=True).detach()[0]
    np.testing.assert_allclose(answer, run.stages[-1], atol=1e-5)
