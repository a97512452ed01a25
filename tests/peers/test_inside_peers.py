"""The programs that the Inside page hands out, run with the files beside them in the ZIP."""

import io
import os
import runpy
import zipfile

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz.nn.inspection.inputs import held_out
from cnnviz.ui.inside import files
from cnnviz.ui.inside.network import shipped
from cnnviz.ui.inside.settings import inspect_image

pytestmark = pytest.mark.peers


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_the_programs_give_the_shares_of_the_page(name, tmp_path, monkeypatch):
    run = inspect_image(shipped(name), held_out(name).images[4], "example")
    with zipfile.ZipFile(io.BytesIO(files.archive(run, [], {}))) as folder:
        folder.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    made = runpy.run_path("pytorch.py")
    np.testing.assert_allclose(made["network"](made["x"]).detach()[0], run.shares, atol=1e-6)
    made = runpy.run_path("keras_program.py")
    answer = made["network"](made["x"]).detach()[0]
    np.testing.assert_allclose(answer, run.shares, atol=1e-6)
