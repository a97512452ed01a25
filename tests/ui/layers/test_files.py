"""The files of the Layers page: maps, weights, and a program that gives the same numbers."""

import io
import json
import zipfile

import numpy as np

from cnnviz.ui.layers import files, settings
from tests.ui.overviews import run_of

PHOTO = np.random.default_rng(0).integers(0, 256, (24, 20, 3), np.uint8)


def test_the_archive_holds_maps_numbers_weights_settings_and_the_programs():
    run = run_of("conv3,relu,max2,flatten,dense4,softmax", PHOTO)
    with zipfile.ZipFile(io.BytesIO(files.archive(run, {"side": 128}))) as folder:
        names = set(folder.namelist())
        assert {"input.png", "input.npy", "weights.npz", "settings.json"} <= names
        for program in "pytorch.py", "keras_program.py":
            text = folder.read(program).decode()
            compile(text, program, "exec")
            assert 'np.load("weights.npz")' in text
            assert 'np.load("input.npy")' in text
        assert {f"01_conv1/{channel:03}.png" for channel in range(3)} <= names
        figure = folder.read("01_conv1/conv1.svg").decode()
        assert ">conv1<" in figure
        assert figure.count("<image") == 3 + 1  # the maps and the scale
        assert figure.count("<rect") == 3 * 9 + 1  # the filters and the paper
        stored = np.load(io.BytesIO(folder.read("06_softmax1/softmax1.npy")))
        assert np.array_equal(stored, run.stages[-1])
        assert json.loads(folder.read("settings.json")) == {"side": 128}


def test_the_program_of_a_large_network_loads_no_weights():
    start = settings.starts()["vgg16"]
    image = np.zeros((3, 8, 8), np.float32)
    big = settings.Stack(settings.parse_stack(start.stack), (3, 224, 224), 1)
    written = files.stack_programs(settings.StackRun(image, big, {}, []))
    program = written["PyTorch"]
    assert 'np.load("weights' not in program
    assert "nn.Linear(25088, 4096)" in program
    compile(program, "pytorch.py", "exec")
    program = written["Keras"]
    assert 'np.load("weights' not in program
    assert "layers.Dense(4096" in program
    compile(program, "keras_program.py", "exec")


def test_the_note_on_the_zip_says_what_is_in_it_and_no_more():
    small = files.downloads(run_of("conv3,relu", PHOTO), {})
    assert "the weights" in small.note
    assert "The maps are those" not in small.note
    image = np.zeros((3, 8, 8), np.float32)
    blocks = settings.parse_stack(settings.starts()["vgg16"].stack)
    big = settings.Stack(blocks, (3, 224, 224), 1)
    stages = [np.zeros((1, 1, 1), np.float32)] * big.computable
    large = files.downloads(settings.StackRun(image, big, {}, stages), {})
    assert "the weights" not in large.note
    # 64 × 224 × 224 cells for each of the first two layers; the third would reach 9.8 million
    assert large.note.endswith("The maps are those down to relu1.")
