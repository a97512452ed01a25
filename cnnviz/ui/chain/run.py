"""One computation of a chain, and the last one whose settings fitted."""

from collections.abc import Sequence
from contextlib import suppress
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
    """Return the run of these settings; if they do not fit, of the last that did, and the reason.

    The reason is empty if the settings fit. What is remembered are settings, not maps: recomputing
    them is quick, and memory is the scarcest resource in a class. A new picture is always shown,
    with simpler settings if it is too small for the last ones; typed numbers are a setting, too.

    For the live channel the reason is raised instead: the last maps are still on the screen.
    """
    key = f"{page}:good"
    try:
        result = run(given, recipes)
    except ValueError as error:
        if is_live():
            raise
        return _fitting(given, recipes, state().get(key), str(error))
    state()[key] = given, tuple(recipes)
    return result, ""


def _fitting(
    given: Input,
    recipes: Sequence[Recipe],
    last: tuple[Input, Sequence[Recipe]] | None,
    error: str,
) -> tuple[Run, str]:
    """Return the run of settings near the wanted ones that fit, and a sentence about them."""
    same: Sequence[Recipe] = [
        replace(recipe, padding="same", padding_mode="zeros") for recipe in recipes
    ]
    tried = [(given, same, "The maps are those of padding same.")]
    if last:
        before, fitted = last
        told = "The maps shown are from the last settings that fitted."
        is_picture = given.exact
        tried = [(given, fitted, told), *([] if is_picture else [(before, fitted, told)]), *tried]
    for shown, others, told in tried:
        with suppress(ValueError):
            return run(shown, others), f"{error} {told}"
    # With "same" padding and no pooling, everything fits.
    simple = [replace(recipe, pooling="none") for recipe in same]
    return run(given, simple), f"{error} The maps are those of padding same, without pooling."
