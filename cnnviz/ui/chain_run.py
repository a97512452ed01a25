"""One computation of a chain, and the last that worked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.pipeline import FeatureMaps, Geometry, Recipe, chain_geometry, feature_maps


@dataclass(frozen=True)
class Run:
    """One computation of a chain: the picture, the recipes, and what came out."""

    intensities: NDArray[np.uint8]  # (H, W) or (3, H, W)
    scale: float  # the value of intensity 255
    recipes: tuple[Recipe, ...]
    geometries: tuple[Geometry, ...]
    maps: tuple[FeatureMaps, ...]

    @property
    def values(self) -> NDArray[np.float64]:
        """The picture on the scale that was computed with."""
        return scaled(self.intensities, self.scale)


def scaled(intensities: NDArray[np.uint8], scale: float) -> NDArray[np.float64]:
    """Return intensities on a scale from 0 to `scale`."""
    return intensities if scale == 255 else intensities * (scale / 255)


def run(intensities: NDArray[np.uint8], scale: float, recipes: Sequence[Recipe]) -> Run:
    """Compute a chain for each recipe; a setting that does not fit raises ValueError."""
    x = scaled(intensities, scale)
    size = intensities.shape[-2:]
    return Run(
        intensities,
        scale,
        tuple(recipes),
        tuple(chain_geometry(size, recipe) for recipe in recipes),
        tuple(feature_maps(x, recipe) for recipe in recipes),
    )


def last_good_run(
    page: str, intensities: NDArray[np.uint8], scale: float, recipes: Sequence[Recipe]
) -> tuple[Run, str]:
    """Return the run of these settings; if they do not fit, the last that did, and why.

    The sentence is empty if all is well. What fitted is remembered as settings and picture, not
    as maps: computing them again is quick, and memory is what a class has least of.
    """
    key = f"{page}:good"
    try:
        result = run(intensities, scale, recipes)
    except ValueError as error:
        if key in st.session_state:
            return run(*st.session_state[key]), f"{error} The maps below are the last that fitted."
        # With as much padding as needed and no pooling, everything fits.
        simple = [
            replace(recipe, padding="same", padding_mode="zeros", pooling="none")
            for recipe in recipes
        ]
        return run(intensities, scale, simple), f"{error} Shown without pooling, padding same."
    st.session_state[key] = intensities, scale, tuple(recipes)
    return result, ""
