"""Adversarial noise: too small to see, made to change the answer."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.nn.inspection.fooling import fooled, fooling_noise
from cnnviz.nn.inspection.photos import brightest, darkest
from cnnviz.nn.inspection.stages import Stages
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos import before_after
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.photos.settings import EPSILON, TOWARDS
from cnnviz.ui.maps import boards, overview
from cnnviz.ui.maps.panes import Colouring, Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.formatting import literal, number, percent, together
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.slider import slider

NAMES = ("Photo", "Noise", "Photo with noise")
BOARD = f"{PAGE}:fooling"
NOISE = f"{PAGE}:noise"  # session key


def noise_of(made: PhotoRun) -> NDArray:
    """Return the direction towards less of the answer, or more of another class; cached."""
    key = made.key, TOWARDS.value
    kept = state().get(NOISE)
    if kept is None or kept[0] != key:
        towards = int(TOWARDS.value) if TOWARDS.value else None
        kept = key, fooling_noise(made.network, made.image, made.answer, towards=towards)
        state()[NOISE] = kept
    return kept[1]


def with_noise(made: PhotoRun) -> PhotoRun:
    """Return the run on the photo with the noise added."""
    epsilon = float(EPSILON.value)
    if not epsilon:
        return made
    image = fooled(made.image, noise_of(made), epsilon, darkest=darkest, brightest=brightest)
    return replace(made, key=(made.key, TOWARDS.value, epsilon), made=Stages(made.network, image))


def panes(before: PhotoRun, after: PhotoRun) -> list[Pane]:
    """Return the photo, the noise, and the photo with the noise, as maps of one board."""
    epsilon = float(EPSILON.value)
    noise = epsilon * noise_of(before)[::-1]  # red, green, blue
    levels = np.rint(127.5 + 127.5 * np.sign(noise)).astype(np.uint8)
    span = f"The noise, from −{epsilon:g} to {epsilon:g} of 255"
    return [
        _picture(0, before.pixels),
        Pane(
            1, NAMES[1], f"{span}, enlarged" if epsilon else "No noise", noise,
            picture=levels, black=-epsilon, white=epsilon, file="noise",
        ),
        _picture(2, after.pixels),
    ]  # fmt: skip


def packed(panes: Sequence[Pane], before: PhotoRun, after: PhotoRun) -> list[tuple[str, Packed]]:
    """Return the three pictures and the two answers as messages."""
    return [boards.packed(BOARD, panes, Colouring()), before_after.packed(before, after)]


def _picture(slot: int, pixels: NDArray[np.uint8]) -> Pane:
    levels = np.ascontiguousarray(pixels.transpose(2, 0, 1))
    name = NAMES[slot]
    return Pane(slot, name, name, levels, picture=levels, file=name.lower().replace(" ", "_"))


def draw_maps() -> None:
    """Draw the slots for the pictures."""
    boards.block(*((BOARD, slot, name) for slot, name in enumerate(NAMES)))


def draw_bench(before: PhotoRun, after: PhotoRun, messages: Sequence[tuple[str, Packed]]) -> None:
    """Draw the strength and the target of the noise, and its effect on the answer."""
    frame.stage_title("", "Fool it")
    slider(EPSILON)
    TOWARDS.select(before.classes, "Anything else")
    towards = int(TOWARDS.value) if TOWARDS.value else None
    frame.say(sentence(before, after, towards))
    board, bars = messages
    overview.show(*bars, before_after.rows(before, after))
    st.caption(how_it_is_made(before, towards))
    boards.show(*board)


def sentence(before: PhotoRun, after: PhotoRun, towards: int | None) -> str:
    """Say how the answer changes, and the class that the noise leads to."""
    was, name = (literal(run.classes[run.answer]) for run in (before, after))
    sure, share = (percent(float(run.shares[run.answer])) for run in (before, after))
    epsilon = number(float(EPSILON.value))
    told = [f"Each number of the photo is changed by at most ε = {epsilon} of 255."]
    if after.answer == before.answer:
        told.append(f"It still says **{name}**: {sure} before, {share} now.")
    else:
        told.append(
            f"Before, it said **{was}**, {sure}; with the noise it says **{name}**, {share}. "
            "You can hardly see a difference."
        )
    if towards is not None:
        first, then = (_small_percent(float(run.shares[towards])) for run in (before, after))
        told.append(f"The share of **{literal(before.classes[towards])}**: {first} → {then}.")
    if after.answer == before.answer != towards and EPSILON.value < EPSILON.high:
        told.append("Make the noise a little stronger.")
    return " ".join(told)


def how_it_is_made(before: PhotoRun, towards: int | None) -> str:
    """Explain the noise: the sign of a gradient, towards less or towards more."""
    name, way = (before.answer, "fall") if towards is None else (towards, "rise")
    return (
        "The noise is ε times the sign of a slope: each number goes up or down, whichever makes "
        f"the share of **{literal(before.classes[name])}** {way}. This is the fast gradient sign "
        "method, FGSM (Goodfellow et al., 2015)."
    )


def _small_percent(share: float) -> str:
    """Write a share in percent; below 1 % with two digits, so that small changes are visible."""
    return percent(share) if share >= 0.01 else together(f"{number(100 * share, 2)} %")
