"""One computation of a chain, and the last one that worked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.experiments.chain import FeatureMaps, Geometry, Recipe, chain_geometry, feature_maps
from cnnviz.ui.widgets.session_values import is_live, state


@dataclass(frozen=True)
class Input:
    """What goes into a chain: its numbers, and the intensities they are drawn with.

    `black` and `white` are the values of intensity 0 and 255. `exact` says that the values
    follow from the intensities, so that the browser need not be sent both.
    """

    values: NDArray  # (H, W) or (3, H, W)
    intensities: NDArray[np.uint8]
    black: float = 0.0
    white: float = 255.0
    exact: bool = True
    subject: str = ""

    @classmethod
    def picture(
        cls, intensities: NDArray[np.uint8], white: float = 255.0, subject: str = ""
    ) -> "Input":
        """Wrap a picture, on a scale from 0 to `white`; `subject` tells it from others."""
        values = intensities if white == 255 else intensities * (white / 255)
        return cls(values, intensities, white=white, subject=subject)

    @classmethod
    def numbers(cls, values: ArrayLike) -> "Input":
        """Wrap any numbers; the smallest, or 0, is drawn black, the largest white."""
        values = np.asarray(values, dtype=np.float64)
        black, white = min(0.0, values.min()), max(values.max(), 0.0)
        white = white if white > black else black + 1
        share = (values - black) / (white - black)
        drawn = np.rint(255 * share).astype(np.uint8)
        return cls(values, drawn, float(black), float(white), exact=False)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.values.shape[-2:]

    @property
    def colour(self) -> bool:
        """Whether there are three channels."""
        return self.values.ndim == 3


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
