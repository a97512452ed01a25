"""One computation of a chain, and the last one that worked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from cnnviz.experiments.chain import FeatureMaps, Geometry, Recipe, chain_geometry, feature_maps
from cnnviz.experiments.chain_input import Input
from cnnviz.ui.widgets.session_values import is_live, state


@dataclass(frozen=True)
class Run:
    """One computation of a chain: what went in, the recipes, and what came out."""

    input: Input
    recipes: tuple[Recipe, ...]
    geometries: tuple[Geometry, ...]
    maps: tuple[FeatureMaps, ...]


def run(given: Input, recipes: Sequence[Recipe]) -> Run:
    """Compute a chain for each recipe; a setting that does not fit raises ValueError."""
    geometries = tuple(chain_geometry(given.size, recipe) for recipe in recipes)
    maps = tuple(map(partial(feature_maps, given.values), recipes, geometries))
    return Run(given, tuple(recipes), geometries, maps)


def last_good_run(page: str, given: Input, recipes: Sequence[Recipe]) -> tuple[Run, str]:
    """Return the run of these settings; if they do not fit, the last that did, and why.

    The sentence is empty if all is well. What fitted is remembered as settings and picture, not as
    maps: recomputing them is quick, and memory is the scarcest resource in a class.

    For the live channel the sentence is raised instead: the last maps are on the screen.
    """
    key = f"{page}:good"
    try:
        result = run(given, recipes)
    except ValueError as error:
        if is_live():
            raise
        if key in state():
            return run(*state()[key]), f"{error} The maps are the last that fitted."
        # With "same" padding and no pooling, everything fits.
        simple = [
            replace(recipe, padding="same", padding_mode="zeros", pooling="none")
            for recipe in recipes
        ]
        said = f"{error} The maps are those of padding same, without pooling."
        return run(given, simple), said
    state()[key] = given, tuple(recipes)
    return result, ""
