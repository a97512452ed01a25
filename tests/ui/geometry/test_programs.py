import ast

import numpy as np
import pytest

from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.programs import border_code, way_back_code
from tests.peers.chains import run
from tests.peers.ways import assert_same_way, way
from tests.strategies import MODES

SEEDS = range(60)
NUMPY = "NumPy and SciPy"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_numpy_program_gives_the_map_and_its_way_back(seed, tmp_path, monkeypatch):
    made = way(seed)
    code = way_back_code(made.run, made.output_padding)
    assert_same_way(
        run(code.programs[NUMPY], made.run.input.values.astype(float), tmp_path, monkeypatch), made
    )


def test_the_settings_under_test_hold_every_choice():
    ways = [way(seed) for seed in SEEDS]
    recipes = [each.run.recipes[0] for each in ways]
    assert {recipe.padding_mode for recipe in recipes} == set(MODES)
    assert {"valid", "same", "full", ((2, 2), (1, 1))} < {recipe.padding for recipe in recipes}
    assert sum(each.run.input.colour for each in ways) > 10
    assert sum(any(each.output_padding) for each in ways) > 10
    assert sum(recipe.stride > (1, 1) and recipe.dilation > (1, 1) for recipe in recipes) > 10


@pytest.mark.parametrize("width", [1, 12])
def test_the_numpy_program_gives_the_borders_and_their_means(width, tmp_path, monkeypatch):
    x = np.random.default_rng(width).integers(0, 256, (24, 30), np.uint8)
    left = run(border_code(width).programs[NUMPY], x.astype(float), tmp_path, monkeypatch)
    panes = {pane.file: pane.values for pane in views.border_panes(x, width)[0]}
    assert set(left["border"]) == set(left["mean"]) == set(MODES)
    for mode in MODES:
        np.testing.assert_array_equal(left["border"][mode], panes[f"border_{mode}"])
        np.testing.assert_allclose(left["mean"][mode], panes[f"mean_{mode}"], atol=0.5 + 1e-9)


def test_every_program_is_python_in_lines_of_at_most_88_characters():
    codes = [way_back_code(made.run, made.output_padding) for made in map(way, SEEDS)]
    for code in [*codes, border_code(32)]:
        for program in code.programs.values():
            ast.parse(program)
            assert max(map(len, program.splitlines())) <= 88
            assert program.endswith(")\n")
