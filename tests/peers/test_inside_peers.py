"""The programs that Inside and Training offer, run with the files beside them in the ZIP."""

import io
import os
import runpy
import zipfile

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz.images.samples import DEFAULT_SAMPLE, sample_picture
from cnnviz.nn import pretrained
from cnnviz.nn.inspection.inputs import held_out
from cnnviz.nn.inspection.photos import photo_input, square
from cnnviz.nn.inspection.stages import Stages
from cnnviz.ui.inside import files
from cnnviz.ui.inside.network import shipped
from cnnviz.ui.inside.photos import files as photo_files
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.settings import inspect_image
from cnnviz.ui.training import own_files, own_things

pytestmark = pytest.mark.peers


def programs_give(shares, archive, folder, monkeypatch):
    """Unpack a ZIP, run both programs there, and compare their networks' answers."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(folder)
    monkeypatch.chdir(folder)
    for program in ("pytorch.py", "keras_program.py"):
        made = runpy.run_path(program)
        answer = made["network"](made["x"]).detach()[0]
        np.testing.assert_allclose(answer, shares, rtol=1e-4, atol=1e-6, err_msg=program)


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_the_programs_give_the_shares_of_the_page(name, tmp_path, monkeypatch):
    run = inspect_image(shipped(name), held_out(name).images[4], "example")
    programs_give(run.shares, files.archive(run, [], {}), tmp_path, monkeypatch)


def test_the_programs_of_the_network_for_photos_give_the_shares_of_the_page(tmp_path, monkeypatch):
    pixels = sample_picture("cat").pixels
    crop = square(pixels.shape[:2], across=0.3, part=0.8)
    stages = Stages(pretrained("photos"), photo_input(pixels, crop))
    run = PhotoRun("cat", crop, stages, stages)
    archive = photo_files.downloads(run, {}).files[0].make()
    programs_give(run.shares, archive, tmp_path, monkeypatch)


def test_the_programs_of_what_was_taught_give_the_shares_of_the_page(tmp_path, monkeypatch):
    made = own_things.learned()  # from the example that the page opens with
    pixels = sample_picture(DEFAULT_SAMPLE).pixels
    features = own_things.shot_of(sample_picture(DEFAULT_SAMPLE), 0).features
    shares = made.head.shares(features[None])[0]
    assert shares.shape == (2,)
    own = made.network.forward(photo_input(pixels)[None])[0]
    np.testing.assert_allclose(own, shares, atol=1e-4)
    programs_give(shares, own_files.archive(made, []), tmp_path, monkeypatch)
