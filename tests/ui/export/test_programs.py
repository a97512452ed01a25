import ast
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.experiments.chain import Recipe
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import KERNELS, Kernel
from cnnviz.ui.export.programs import (
    DIALECTS,
    keras_chain,
    numpy_chain,
    numpy_scipy,
    pytorch,
    torch_chain,
)
from tests.peers.chains import assert_same_maps, chain, run
from tests.strategies import MODES

SEEDS = range(200)
CHAINS = [chain(seed) for seed in SEEDS]
PLAIN = Recipe(
    Kernel("step", "own", [[-1, 1]]), padding="valid", activation="none", pooling="none"
)  # fmt: skip
every_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)


def programs():
    for settings in CHAINS:
        for dialect in DIALECTS.values():
            yield dialect(settings.recipes, colour=settings.x.ndim == 3, scale=settings.scale)


def arrays(program):
    """Read the kernels back from a program, as (name, matrix, divisor)."""
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("kernel", "kernels"):
            if isinstance(node.value, ast.Dict):
                names = [key.value for key in node.value.keys]
                values = node.value.values
            else:
                names, values = [None], [node.value]
            for name, value in zip(names, values, strict=True):
                divided = isinstance(value, ast.BinOp)
                call = value.left if divided else value
                divisor = ast.literal_eval(value.right) if divided else 1
                yield name, ast.literal_eval(call.args[0]), divisor


@pytest.mark.parametrize("seed", SEEDS)
def test_the_numpy_program_leaves_the_maps_of_the_lab(seed, tmp_path, monkeypatch):
    settings = CHAINS[seed]
    program = numpy_scipy(settings.recipes, colour=settings.x.ndim == 3, scale=settings.scale)
    assert_same_maps(run(program, settings.x, tmp_path, monkeypatch), settings)


def test_the_settings_under_test_hold_every_choice():
    recipes = [settings.recipes[0] for settings in CHAINS]
    assert {recipe.activation for recipe in recipes} == set(ACTIVATIONS)
    assert {(recipe.padding, recipe.padding_mode) for recipe in recipes} >= {
        (padding, mode) for padding in ("valid", "same", "full") for mode in MODES
    }
    assert {(recipe.pooling, recipe.ceil_mode, recipe.count_include_pad) for recipe in recipes} == {
        (pooling, ceil_mode, include)
        for pooling in ("max", "average", "none")
        for ceil_mode in (True, False)
        for include in (True, False)
    }
    both = [max(recipe.stride) > 1 and max(recipe.dilation) > 1 for recipe in recipes]
    mixed = [len({each.kernel.shape for each in settings.recipes}) > 1 for settings in CHAINS]
    assert sum(both) > 10
    assert sum(mixed) > 10
    assert sum(recipe.flip for recipe in recipes) > 10
    assert {settings.x.ndim for settings in CHAINS} == {2, 3}


def test_every_program_is_python_in_lines_of_at_most_88_characters_with_no_spaces_at_the_end():
    for program in programs():
        ast.parse(program)
        assert program.endswith("\n")
        assert not program.endswith("\n\n")
        assert "\n" * 4 not in program
        assert program.count("\n\n\ndef ") == program.count("def ")
        for line in program.splitlines():
            assert len(line) <= 88
            assert line == line.rstrip()


def test_every_program_imports_what_it_uses_and_nothing_else():
    for program in programs():
        tree = ast.parse(program)
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert imported - {"torch.nn.functional"} <= used
        assert {"np", "torch", "F", "keras", "ops", "ceil"} & used <= imported


def test_every_program_holds_the_matrices_and_divisors_of_its_kernels():
    for settings in CHAINS:
        for dialect in DIALECTS.values():
            program = dialect(settings.recipes, colour=False, scale=1)
            kernels = [recipe.kernel for recipe in settings.recipes]
            assert [(matrix, divisor) for _, matrix, divisor in arrays(program)] == [
                (kernel.matrix.tolist(), kernel.divisor) for kernel in kernels
            ]


def test_settings_that_are_off_leave_no_trace():
    assert numpy_scipy([PLAIN], colour=False, scale=255) == (
        "import numpy as np\n"
        "from scipy.signal import correlate2d\n"
        "\n"
        'x = np.load("input.npy")  # (H, W), float64, intensity 0–255\n'
        "\n"
        "kernel = np.array([\n"
        "    [-1,  1],\n"
        "])\n"
        'features = correlate2d(x, kernel, mode="valid")\n'
        "activated = features\n"
        "\n"
        "print(features.shape, activated.shape)\n"
    )


@every_dialect
@pytest.mark.parametrize(
    "word", ["pad", "bias", "flip", "convolve2d", "stride", "dilat", "ceil", "pool", "::", "/"]
)
def test_a_plain_chain_does_not_mention(dialect, word):
    assert word not in dialect([PLAIN], colour=False, scale=255)


def test_pytorch_is_given_every_setting_by_its_own_name():
    recipe = Recipe(
        KERNELS["box_3"],
        bias=7.25,
        stride=(2, 3),
        padding=((4, 4), (5, 5)),
        dilation=(3, 2),
        activation="leaky_relu",
        parameters={"negative_slope": 0.125},
        pooling="average",
        window=(5, 4),
        pool_stride=(3, 2),
        pool_padding=(2, 1),
        ceil_mode=True,
        count_include_pad=False,
    )
    program = pytorch([recipe], colour=False, scale=255)
    calls = {
        node.func.attr: node for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }  # fmt: skip

    def options(name):
        return {each.arg: ast.literal_eval(each.value) for each in calls[name].keywords}

    assert "bias = torch.tensor([7.25], dtype=torch.float64)" in program
    assert options("conv2d") == {"stride": (2, 3), "padding": (4, 5), "dilation": (3, 2)}
    assert options("leaky_relu") == {"negative_slope": 0.125}
    assert ast.literal_eval(calls["avg_pool2d"].args[1]) == (5, 4)
    assert options("avg_pool2d") == {
        "stride": (3, 2), "padding": (2, 1), "ceil_mode": True, "count_include_pad": False,
    }  # fmt: skip


@every_dialect
def test_several_kernels_give_their_maps_by_name(dialect):
    recipes = [replace(PLAIN, kernel=KERNELS[name]) for name in ("sobel_x", "gaussian_5", "box_3")]
    names = [name for name, _, _ in arrays(dialect(recipes, colour=True, scale=1))]
    assert names == ["sobel_x", "gaussian_5", "box_3"]


@every_dialect
def test_kernels_of_one_name_are_numbered(dialect):
    names = [name for name, _, _ in arrays(dialect([PLAIN] * 3, colour=False, scale=1))]
    assert names == ["step", "step_2", "step_3"]


@every_dialect
def test_a_name_with_quotes_in_it_stays_a_name(dialect):
    strange = replace(PLAIN, kernel=replace(PLAIN.kernel, name='a"]: 0}\nimport os #'))
    names = [name for name, _, _ in arrays(dialect([strange, PLAIN], colour=False, scale=1))]
    assert names == ['a"]: 0}\nimport os #', "step"]


@every_dialect
def test_a_long_row_of_long_numbers_is_wrapped(dialect):
    matrix = np.random.default_rng(0).normal(size=(15, 15))
    recipe = replace(PLAIN, kernel=Kernel("noise", "own", matrix, 1 / 3))
    program = dialect([recipe, PLAIN], colour=False, scale=1)
    assert max(map(len, program.splitlines())) <= 88
    assert next(arrays(program)) == ("noise", matrix.tolist(), 1 / 3)


@pytest.mark.parametrize("module", [torch_chain, numpy_chain, keras_chain])
def test_every_activation_has_its_code(module):
    assert set(module.ACTIVATIONS) == set(ACTIVATIONS)


def test_writing_programs_loads_neither_the_screen_nor_the_peers():
    code = "import sys, cnnviz.ui.export.programs; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert "cnnviz.ui.export.programs" in modules.split()
    assert not {"streamlit", "plotly", "torch", "keras"} & set(modules.split())
