"""The programs of the Activations page give its numbers; those in NumPy and SciPy are run."""

import numpy as np
import pytest

from cnnviz import ACTIVATIONS, KERNELS
from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.composition import two_layers
from cnnviz.experiments.normalisation import in_order
from cnnviz.ui.activations.lesson import after, lone
from cnnviz.ui.activations.programs import (
    norm_lines,
    propagation_programs,
    softmax_programs,
    two_layer_programs,
)
from cnnviz.ui.export.downloads import snippets

OURS = "NumPy and SciPy"
PICTURES = {
    "grey": np.random.default_rng(0).integers(0, 256, (12, 10)).astype(np.uint8),
    "colour": np.random.default_rng(1).integers(0, 256, (3, 12, 10)).astype(np.uint8),
}


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Run a program in the folder of its input.npy; return the names it defines."""
    monkeypatch.chdir(tmp_path)

    def run(program, values):
        np.save("input.npy", values)
        names = {}
        exec(compile(program, "program", "exec"), names)
        return names

    return run


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_two_layers_in_numpy_are_those_of_the_page(ran, picture):
    kernels = KERNELS["sobel_x"], KERNELS["gaussian_3"]
    programs = two_layer_programs(*kernels, colour=picture.ndim == 3)
    names = ran(programs[OURS], picture.astype(float))
    for name, values in two_layers(picture, *kernels)._asdict().items():
        assert names[name] == pytest.approx(values)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("name", ["relu", "sigmoid", "elu"])
def test_normalisation_in_numpy_is_that_of_the_page(ran, place, name):
    step, given = (name, ACTIVATIONS[name].defaults), Input.picture(PICTURES["grey"])
    run, _ = after(given, lone(KERNELS["laplacian_4"]), [step])
    programs = snippets(run, norm_lines(step, place, 1.5, -0.25))
    order = in_order(run.maps[0].features, step, place, 1.5, -0.25)
    names = ran(programs[OURS], given.values.astype(float))
    expected = order.activated if place == "before" else order.normalised
    assert np.squeeze(names["activated"]) == pytest.approx(expected, abs=1e-9)


def test_softmax_in_numpy_has_the_exponentials_of_the_page(ran):
    names = ran(softmax_programs(2.0)[OURS], np.array([[0.0, 2.0]]))
    assert names["exponentials"].tolist() == [1, np.e]


@pytest.mark.parametrize(
    "programs",
    [
        propagation_programs(("elu", {"alpha": 1.0}), 2.0, 5, 0),
        softmax_programs(0.5),
        two_layer_programs(KERNELS["box_3"], KERNELS["emboss"], colour=True),
    ],
    ids=["depth", "softmax", "two layers"],
)
def test_every_program_is_python(programs):
    for program in programs.values():
        compile(program, "program", "exec")
