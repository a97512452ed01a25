"""The way back from both outputs: the transposed convolution."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from cnnviz.ui.export.downloads import Work
from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.maps import draw_controls, first_two, grid_run, photo_run
from cnnviz.ui.geometry.programs import way_back_code
from cnnviz.ui.geometry.settings import PAGE, colours, complete, window
from cnnviz.ui.geometry.window_settings import Axes
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame, live_page

GRID, PHOTO = f"{PAGE}:back-grid", f"{PAGE}:back-photo"  # boards
SOURCES = {GRID: "Grid", PHOTO: "Photo"}


def draw_way_back(page: live_page.Page, regions: frame.Regions, axes: Axes) -> Work:
    """Show the transposed convolution of both outputs."""
    with regions.bench:
        draw_controls(axes)
        complete.toggle()
        ways = page.draw(and_back, regions)
    photo = photo_run()[0]
    shown = [pane for way in ways.values() for pane in way.panes]
    back = ways.get(PHOTO)
    code = partial(way_back_code, photo, back.extra) if back else None
    return Work(photo, lambda: shown or first_two(photo), code)


class Way(NamedTuple):
    """One way back: the output padding of each axis, its panes, and the packed maps.

    `whole` is whether the result has the size of the original input, `same` whether its values too.
    """

    extra: tuple[int, int]
    panes: list[Pane]
    maps: tuple[str, Packed]
    whole: bool
    same: bool


def and_back(regions: frame.Regions) -> live_page.Steps[dict[str, Way]]:
    """Draw the ways back of grid and photo, and what to look for in them; return them by board."""
    ways, errors = ways_back()
    yield [way.maps for way in ways.values()]
    for sentence in errors:
        st.error(sentence)
    with regions.maps:
        boards.block(
            *((board, i, name) for board in ways for i, name in enumerate(("There", "And back")))
        )
    for way in ways.values():
        boards.show(*way.maps)
    frame.say(
        formulas(ways.get(GRID))
        + "**What to look for.** Every cell stamps the kernel, times its value, where its window "
        f"was; stamps that overlap add up. {came_back(ways)}Where the size of the kernel is not a "
        "multiple of the stride, the stamps leave a checkerboard."
    )
    return ways


def formulas(grid: Way | None) -> str:
    """Write out both sides of the way back of the grid, once if they are alike; "" without it."""
    if not grid:
        return ""
    rows, columns = (
        views.back_formula(each.axis, extra)
        for each, extra in zip(window.axes(), grid.extra, strict=True)
    )
    if rows == columns:
        return f"Rows and columns &nbsp; {rows}\n\n"
    return f"Rows &nbsp; {rows}\n\nColumns &nbsp; {columns}\n\n"


def ways_back() -> tuple[dict[str, Way], list[str]]:
    """Return the ways back of grid and photo by board, and the reason if one is missing."""
    photo, error = photo_run()
    ways, errors = {}, [error] if error else []
    look = replace(colours.chosen(), scale="each")
    for (board, source), run in zip(SOURCES.items(), (grid_run(), photo), strict=True):
        try:
            back, extra = views.way_back(run, complete=complete.value)
        except ValueError as problem:
            errors.append(str(problem))
        else:
            panes = views.back_panes(source, run, back)
            maps = boards.packed(board, panes, look)
            whole = back.shape == run.input.size
            same = whole and np.allclose(back, run.input.values)
            ways[board] = Way(extra, panes, maps, whole, same)
    return ways, errors


def came_back(ways: dict[str, Way]) -> str:
    """Say whether the size is restored; only a kernel of one cell restores the values, too."""
    if not ways:
        return ""
    whole = [SOURCES[board] for board, way in ways.items() if way.whole]
    if all(way.same for way in ways.values()):
        return "Here the size comes back, and the values too. "
    if len(whole) == len(ways):
        return "The size comes back, the values do not. "
    if whole:
        told = f"The whole size comes back for the {whole[0].lower()} only. "
    else:
        told = "Neither the values nor the whole size come back. "
    return f"{told}“{complete.label}” restores the size, but not what was in those cells. "
