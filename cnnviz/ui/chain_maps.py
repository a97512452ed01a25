"""A chain on the screen: its panes, its formula in words, what to look for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.activations import ACTIVATIONS
from cnnviz.pipeline import FeatureMaps, Geometry, Recipe, chain_geometry, feature_maps
from cnnviz.ui.maps import Pane

CHANNELS = ("red", "green", "blue")
# Answers of these lie between fixed ends, so they cannot share a scale with what went in.
BOUNDED = ("sigmoid", "tanh")


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


def panes(result: Run, *, channels: bool = False) -> list[Pane]:
    """Return the panes of a run, a row for each kernel; below them the channels, if wanted."""
    several = len(result.recipes) > 1
    colour = result.intensities.ndim == 3
    shown = [_picture("", "The picture", result.values, result.intensities, result.scale)]
    for recipe, geometry, maps in zip(result.recipes, result.geometries, result.maps, strict=True):
        name, step = recipe.kernel.title, ACTIVATIONS[recipe.activation].title
        title, pool = name if several else "", f"{recipe.pooling} pooling"
        after = "convolution" if recipe.activation not in BOUNDED else "activation"
        convolution = tuple(axis.field for axis in geometry.convolution)
        pooling = tuple(axis.field for axis in geometry.pooling or geometry.convolution)
        shown += [
            Pane(1, title, f"{name} of the picture", maps.features, convolution, "convolution"),
            Pane(2, title, f"{name} after {step}", maps.activated, convolution, after),
            Pane(3, title, f"{name} after {step} and {pool}", maps.pooled, pooling, after),
        ]
    if channels and colour:
        shown += _channel_panes(result, several)
    return shown


def _channel_panes(result: Run, several: bool) -> list[Pane]:
    """Return the planes of the picture, and what each kernel makes of each before the sum."""
    planes = [
        _picture(name.capitalize(), f"The {name} channel", values, plane, result.scale)
        for name, values, plane in zip(CHANNELS, result.values, result.intensities, strict=True)
    ]
    partial = []
    for recipe, geometry in zip(result.recipes, result.geometries, strict=True):
        fields = tuple(axis.field for axis in geometry.convolution)
        for name, plane in zip(CHANNELS, result.values, strict=True):
            features = feature_maps(plane, replace(recipe, bias=0.0, pooling="none")).features
            title = f"{recipe.kernel.title} · {name}" if several else f"{name.capitalize()} part"
            partial.append(Pane(1, title, title, features, fields, "convolution"))
    return planes + partial


def _picture(
    title: str, alt: str, values: NDArray, intensities: NDArray[np.uint8], white: float
) -> Pane:
    return Pane(0, title, alt, values, scale="picture", picture=intensities, white=white)
