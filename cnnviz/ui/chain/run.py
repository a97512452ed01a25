"""One computation of a chain, and the last one whose settings fitted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from cnnviz.experiments.chain import FeatureMaps, Geometry, Recipe, chain_geometry, feature_maps
from cnnviz.experiments.chain_input import Input
from cnnviz.ui.widgets.session_values import is_live, state


@dataclass(frozen=True)
class Run:
    """One computation of a chain: the input, the recipes, and the maps."""

    input: Input
    recipes: tuple[Recipe, ...]
    geometries: tuple[Geometry, ...]
    maps: tuple[FeatureMaps, ...]


def run(given: Input, recipes: Sequence[Recipe]) -> Run:
    """Compute a chain for each recipe; raise ValueError if a setting does not fit."""
    geometries = tuple(chain_geometry(given.size, recipe) for recipe in recipes)
    maps = tuple(map(partial(feature_maps, given.values), recipes, geometries))
    return Run(given, tuple(recipes), geometries, maps)


def last_good_run(page: str, given: Input, recipes: Sequence[Recipe]) -> tuple[Run, str]:
    """Return the run of these settings; if they do not fit, the last run that did, and the reason.

    The reason is empty if the settings fit. The last run is remembered as settings and picture, not
    as maps: recomputing them is quick, and memory is the scarcest resource in a class.

    For the live channel the reason is raised instead: the last maps are still on the screen.
    """
    key = f"{page}:good"
    try:
        result = run(given, recipes)
    except ValueError as error:
        if is_live():
            raise
        if key in state():
            return run(
                *state()[key]
            ), f"{error} The maps shown are from the last settings that fitted."
        # With "same" padding and no pooling, everything fits.
        simple = [
            replace(recipe, padding="same", padding_mode="zeros", pooling="none")
            for recipe in recipes
        ]
        said = f"{error} The maps are those of padding same, without pooling."
        return run(given, simple), said
    state()[key] = given, tuple(recipes)
    return result, ""
