"""Shared by the lessons of the Activations page: settings, their feature map, questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st
from numpy.typing import NDArray

from cnnviz.experiments.chain import FeatureMaps, Recipe, chain_geometry, feature_maps
from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.normalisation import moments
from cnnviz.experiments.rectification import Rectified, Step, divided, histogram, rectified
from cnnviz.experiments.unique_values import UniqueValues, unique_values
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.images.colour_maps import symmetric_limits
from cnnviz.kernels import KERNELS, Kernel
from cnnviz.ui.activations.settings import PAGE, colours, kernel, numbers, parameters, pin
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.export.downloads import Work, snippets
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.choice_chips import choice_chips
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.frame import Regions, in_popover
from cnnviz.ui.widgets.live_page import Page
from cnnviz.ui.widgets.setting_kinds import Choice
from cnnviz.ui.widgets.settings import Setting

QUICK_KERNELS = ("sobel_x", "laplacian_4", "gaussian_3")
SPREAD, LARGEST = 3, 4  # digits of a divisor; for Sobel on 0–255, four are exact
FAMILY = tuple(name for name in ACTIVATIONS if name != "none")


@dataclass(frozen=True)
class Lesson:
    """One screen of the page: the function that draws it, and its own settings."""

    draw: Callable[[Page, Regions], Work]
    settings: tuple[Setting, ...] = ()


def block(regions: Regions, lesson: str, names: Sequence[str], columns: int = 0) -> None:
    """Lay out the maps of a lesson by name, in `columns` columns, or as many as fit."""
    places = ((f"{PAGE}.{lesson}", i, name) for i, name in enumerate(names))
    with regions.maps:
        boards.block(*places, pin=pin, columns=columns)


def kernel_chips(of: Choice = kernel) -> None:
    """Draw the kernel that makes the feature map."""
    with st.container(horizontal=True, key=f"chips:{of.key}"):
        choice_chips(of, QUICK_KERNELS, "Common kernels")
        rest = [name for name in KERNELS if name not in QUICK_KERNELS]
        label = KERNELS[of.value].title if of.value in rest else "All kernels"
        in_popover(label, f"{of.key}:more", lambda: choice_chips(of, rest, "Other kernels"))


def source_controls() -> None:
    """Draw the controls of picture and kernel."""
    working_picture.controls()
    kernel_chips()


def step(name: str) -> Step:
    """Return an activation with its current parameters."""
    return name, {
        parameter: setting.value
        for (activation, parameter), setting in parameters.items()
        if activation == name
    }


def lone(given: Kernel, *, bias: float = 0.0) -> Recipe:
    """Return a chain that ends after the convolution."""
    return Recipe(given, bias=bias, activation="none", pooling="none")


def source(
    given: Input, *, largest: bool = False, bias: float = 0.0, of: Choice = kernel
) -> Recipe:
    """Return the chain that computes the feature map for the activations.

    With `largest`, the map is divided by its largest number, otherwise as set.
    """
    chosen = KERNELS[of.value]
    if largest or numbers.value == "spread":
        features = feature_maps(given.values, lone(chosen)).features
        size = abs(features).max() if largest else moments(features).variance ** 0.5
        chosen = divided(chosen, size, LARGEST if largest else SPREAD)
    return lone(chosen, bias=bias)


def normalised_by(done: Run, of: Choice = kernel) -> str:
    """Say what the kernel of a run from `source` is divided by, and why; "" if it is not."""
    if numbers.value != "spread":
        return ""
    recipe = done.recipes[0]
    if not moments(done.maps[0].features).variance:
        return "Not normalised: the standard deviation of the map is 0. "
    size = number(recipe.kernel.divisor / KERNELS[of.value].divisor)
    return (
        f"Normalised: {recipe.kernel.title} is divided by {size}, the standard deviation of its "
        "map to three digits. "
    )


def after(given: Input, recipe: Recipe, steps: Sequence[Step]) -> tuple[Run, list[Rectified]]:
    """Return a run with a chain for each step, and the result of each step.

    The convolution is the same for all of them and computed once.
    """
    features = feature_maps(given.values, recipe).features
    # Finding the unique values takes as long as two steps.
    numbers = unique_values(features, abs(1 / recipe.kernel.divisor)) if len(steps) > 2 else None
    found = [rectified(features, step, numbers) for step in steps]
    run = Run(
        given,
        tuple(replace(recipe, activation=name, parameters=chosen) for name, chosen in steps),
        (chain_geometry(given.size, recipe),) * len(steps),
        tuple(FeatureMaps(features, each.activated, each.activated) for each in found),
    )
    return run, found


def one_source(
    run: Run, charts: Sequence[Mapping[str, Any]], numbers: UniqueValues | None = None
) -> list[Pane]:
    """Return picture, feature map, and a map for each chain, with charts for all but the first.

    `numbers` are the unique values of the feature map, if there are few.
    """
    kept = [
        replace(pane, title=ACTIVATIONS[run.recipes[pane.chain].activation].title)
        if pane.stage == 2
        else replace(pane, title="" if pane.stage == 0 else run.recipes[0].kernel.title)
        for pane in panes(run)
        if pane.stage != 3 and (pane.stage != 1 or pane.chain == 0)
    ]
    ordered = sorted(kept, key=lambda pane: pane.stage)
    return [
        ordered[0],
        *(
            replace(pane, chart=chart, unique_values=numbers)
            for pane, chart in zip(ordered[1:], charts, strict=True)
        ),
    ]


def chart(
    values: NDArray,
    note: str = "",
    *,
    curve: bool = False,
    marks: Literal["features", "activated"] | None = None,
    numbers: UniqueValues | None = None,
) -> dict[str, Any]:
    """Return the chart below a map: its histogram, the curve, the marks and a note.

    `numbers` are the unique values of the map, if there are few.
    """
    limit = symmetric_limits(values)
    if numbers:
        counts = histogram(numbers.pick(values), limit, counts=numbers.counts).tolist()
    else:
        counts = histogram(values, limit).tolist()
    return {"limit": limit, "counts": counts, "curve": curve, "marks": marks, "note": note}


def matrix_table(matrix: NDArray, divisor: float = 1) -> str:
    """Return a kernel as an HTML table, with its divisor."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{number(weight)}</td>" for weight in row) + "</tr>" for row in matrix
    )
    over = f"÷ {number(divisor)}" if divisor != 1 else ""
    return f'<div class="table kernel" translate="no" dir="ltr"><table>{rows}</table>{over}</div>'


def chain_code(done: Run) -> Code:
    """Return a separate program for each chain: they differ in more than the kernel."""
    programs = [snippets(replace(done, recipes=(recipe,))) for recipe in done.recipes]
    titles = [
        f"# {recipe.kernel.title}, then {ACTIVATIONS[recipe.activation].title}"
        if recipe.activation != "none"
        else f"# {recipe.kernel.title}"
        for recipe in done.recipes
    ]
    return Code(
        (feature_maps,),
        {
            dialect: "\n\n".join(
                f"{title}\n{each[dialect]}" for title, each in zip(titles, programs, strict=True)
            )
            for dialect in programs[0]
        },
    )


def packed(
    lesson: str, done: Run, shown: list[Pane], start: tuple[int, int] | None = None
) -> tuple[str, Packed]:
    """Return the maps of a lesson, with the arithmetic of its chains under one cursor."""
    sums = replace(arithmetic(done), linked=True)
    sums = replace(sums, start=start or sums.start)
    return boards.packed(f"{PAGE}.{lesson}", shown, colours.chosen(), sums, pin)


def work(done: Run, shown: list[Pane]) -> Work:
    """Return the results of a lesson's chains."""
    return Work(done, shown, lambda: chain_code(done))
