"""Grid and photo, each with its output."""

from dataclasses import replace

import streamlit as st

from cnnviz.experiments.chain import STAGES
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, last_good_run, run
from cnnviz.ui.export.downloads import Work
from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.numbers import in_numbers
from cnnviz.ui.geometry.settings import PAGE, colours, pin, window
from cnnviz.ui.geometry.window_settings import Axes
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page, working_picture


def draw_sizes(page: live_page.Page, regions: frame.Regions, axes: Axes) -> Work:
    """Draw grid and photo with their outputs, and the controls that determine their sizes."""
    with regions.maps:
        boards.block(
            (PAGE, 0, "Grid"),
            (PAGE, 1, "Output of the grid"),
            (f"{PAGE}:photo", 0, "Photo"),
            (f"{PAGE}:photo", 1, "Output of the photo"),
            pin=pin,
        )
    with regions.bench:
        draw_controls(axes)
        page.draw(on_grid)
        photo = page.draw(on_photo)
        in_numbers(axes)
    return Work(photo, lambda: [*first_two(photo), *grid_files()])


def draw_controls(axes: Axes) -> None:
    """Draw the numbers that grid and photo share, and the settings of the working picture."""
    window.presets()
    controls = frame.controls(2)
    with controls[0]:
        frame.stage_title("1 · 2", "Grid and its output")
        window.sizes(axes)
        window.steps(axes)
        window.pads(axes)
    with controls[1]:
        frame.stage_title("3 · 4", "The same on the photo")
        working_picture.controls()


def grid_run() -> Run:
    """Compute the mean on the grid, with numbers that fit together."""
    window.settle()
    return run(views.counted(window.grid.value), [window.recipe()])


def photo_run() -> tuple[Run, str]:
    """Compute the same on the photo; if the settings do not fit, also return why."""
    window.settle()
    return last_good_run(f"{PAGE}.photo", working_picture.picture_input(), [window.recipe()])


def on_grid() -> live_page.Steps[None]:
    """Draw the grid and its output."""
    made = grid_run()
    maps = boards.packed(PAGE, first_two(made), colours.chosen(), arithmetic(made), pin)
    yield [maps]
    boards.show(*maps)


def on_photo() -> live_page.Steps[Run]:
    """Draw the photo and its output."""
    made, error = photo_run()
    sums = replace(arithmetic(made), panel=False)
    maps = boards.packed(f"{PAGE}:photo", first_two(made), colours.chosen(), sums)
    yield [maps]
    if error:
        st.error(error, icon=":material/straighten:")
    boards.show(*maps)
    return made


def first_two(result: Run) -> list[Pane]:
    """Return the panes of input and convolution."""
    return [pane for pane in panes(result) if pane.stage < 2]


def grid_files() -> list[Pane]:
    """Return the panes of the grid for download beside those of the photo, which is filmed."""
    return [
        replace(
            pane,
            title="Grid",
            scale="grid",
            role="",
            chain=None,
            file=f"grid_{STAGES[pane.stage]}",
        )
        for pane in first_two(grid_run())
    ]
