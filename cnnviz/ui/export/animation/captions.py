"""The text of an animation: titles above the maps, and captions below them."""

import numpy as np

from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.axis import Axis
from cnnviz.functional.padding import PADDING_MODES
from cnnviz.ui.chain.run import Run
from cnnviz.ui.chain.sentences import activation_title
from cnnviz.ui.export.animation.film import Film
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets.formatting import number

MOST_TERMS = 9  # terms in a sum that is written out


def titles(film: Film) -> list[str]:
    """Return the title above each map."""
    recipes = film.run.recipes
    names = {
        "convolution": lambda chain: recipes[chain].kernel.title,
        "activation": lambda chain: activation_title(recipes[chain].activation),
        "pooling": lambda chain: f"{recipes[chain].pooling.capitalize()} pooling",
    }
    return ["Input", *(names[pane.role](pane.chain) for pane, _ in film.stages[1:])]


def caption(film: Film) -> str:
    """Describe how the maps are made, step by step."""
    recipe, roles = film.recipe, [pane.role for pane, _ in film.stages]
    steps = []
    if "convolution" in roles or "activation" in roles:
        height, width = recipe.kernel.shape
        steps.append(f"{recipe.kernel.title}, {height} × {width}, stride {_both(recipe.stride)}")
    if "activation" in roles:
        steps.append(activation_title(recipe.activation))
    if "pooling" in roles:
        kinds = [film.run.recipes[pane.chain or 0].pooling for pane in pooled_panes(film)]
        window = " × ".join(map(str, recipe.window))
        stride = _both(recipe.pool_stride)
        steps.append(f"{' and '.join(kinds)} pooling {window}, stride {stride}")
    text = " → ".join(steps)
    return text[:1].upper() + text[1:]


def written(film: Film, row: int, column: int) -> str:
    """Write out how a cell of the swept map is computed."""
    if not film.pools:
        return arithmetic(film.run, film.chain, row, column)
    pooling = film.axes
    values = (
        film.run.maps[film.chain]
        .activated[
            np.ix_(*(_inside(axis, at) for axis, at in zip(pooling, (row, column), strict=True)))
        ]
        .ravel()
    )
    told = []
    for pane in pooled_panes(film):
        recipe = film.run.recipes[pane.chain or 0]
        counted = [axis.cells_counted(recipe.count_include_pad) for axis in pooling]
        cells = int(counted[0][row] * counted[1][column])
        padded = recipe.pooling == "average" and cells != values.size
        over = f" (/ {cells}, with padding)" if padded else ""
        told.append(f"{recipe.pooling} {number(float(pane.values[row, column]))}{over}")
    if values.size > MOST_TERMS:
        return f"row {row}, column {column}: {' · '.join(told)}"
    return f"{', '.join(number(float(value), 3) for value in values)} → {' · '.join(told)}"


def pooled_panes(film: Film) -> list[Pane]:
    """Return the pooled maps of a film."""
    return [pane for pane, _ in film.stages if pane.role == "pooling"]


def arithmetic(run: Run, chain: int, row: int, column: int) -> str:
    """Write out how a feature cell is computed, with the digits of the panel.

    Examples
    --------
    >>> from cnnviz.experiments.chain import Recipe
    >>> from cnnviz.experiments.chain_input import Input
    >>> from cnnviz.kernels import Kernel
    >>> from cnnviz.ui.chain.run import run
    >>> recipe = Recipe(Kernel("own", "own", [[1, -2]]), padding="valid", pooling="none")
    >>> arithmetic(run(Input.numbers([[3.0, 5.0]]), [recipe]), 0, 0, 0)
    '3×1 + 5×(−2) = −7 → ReLU 0'
    """
    recipe, maps = run.recipes[chain], run.maps[chain]
    feature = float(maps.features[row, column])
    parts = [f"row {row}, column {column}: {number(feature)}"]
    if not run.input.colour and recipe.kernel.matrix.size <= MOST_TERMS:
        parts = [f"{_sum(run, chain, row, column)} = {number(feature)}"]
    if recipe.activation != "none":
        title = ACTIVATIONS[recipe.activation].title
        parts.append(f"{title} {number(float(maps.activated[row, column]))}")
    return " → ".join(parts)


def _sum(run: Run, chain: int, row: int, column: int) -> str:
    """Write the products of a window as a sum, then the division and the bias."""
    recipe = run.recipes[chain]
    matrix = recipe.kernel.matrix[::-1, ::-1] if recipe.flip else recipe.kernel.matrix
    axes = run.geometries[chain].convolution
    sides = [axis.padding for axis in axes]
    padded = np.pad(run.input.values, sides, PADDING_MODES[recipe.padding_mode])
    rows, columns = (
        np.add(axis.cells(at), axis.padding[0])
        for axis, at in zip(axes, (row, column), strict=True)
    )
    window = padded[np.ix_(rows, columns)]
    terms = [
        f"{_bracketed(value)}×{_bracketed(weight)}"
        for value, weight in zip(window.ravel(), matrix.ravel(), strict=True)
    ]
    text = " + ".join(terms)
    if recipe.kernel.divisor != 1:
        text = f"({text}) / {number(recipe.kernel.divisor)}"
    if recipe.bias:
        text += f" {'−' if recipe.bias < 0 else '+'} {number(abs(recipe.bias))}"
    return text


def _bracketed(value: float) -> str:
    text = number(float(value), 3)
    return f"({text})" if value < 0 else text


def _inside(axis: Axis, line: int) -> list[int]:
    """Return the cells that a window reads, without the padding."""
    return [cell for cell in axis.cells(line) if 0 <= cell < axis.size]


def _both(pair: tuple[int, int]) -> str:
    return " × ".join(map(str, dict.fromkeys(pair)))
