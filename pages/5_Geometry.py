"""Geometry: padding, stride and dilation, on a small grid and on the photo at once."""

from dataclasses import replace

import streamlit as st

from cnnviz.images.loading import grey
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, last_good_run, run
from cnnviz.ui.chain.settings import MODES
from cnnviz.ui.export import downloads
from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.settings import Axes, Layout
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import LookSettings
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, picture_picker
from cnnviz.ui.widgets.settings import Number, Switch, restore
from cnnviz.ui.widgets.slider import moves, slider

PAGE = "geometry"
layout = Layout(PAGE)
border = Number(
    f"{PAGE}.border",
    "Cells of border",
    12,
    "The lower maps are the mean over as many cells to every side.",
    low=1,
    high=32,
    unit="px",
)
complete = Switch(
    f"{PAGE}.complete",
    "Bring the dropped cells back",
    help="output_padding: as many cells more at the end as the floor had dropped.",
)
looks = LookSettings(PAGE)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
SETTINGS = (*picture_picker.SETTINGS, *layout.settings, border, complete, *looks.settings, pin)


@st.fragment
def geometry() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    axes = layout.settle()
    frame.say_notices()
    head = frame.head("Geometry", "How many cells come out, and which of them are lost on the way.")
    st.markdown("Worked figures: input i, kernel k, stride s, padding p → output")
    layout.presets()
    with st.container(key="stages"):
        controls, slots = st.columns(4, gap="medium"), st.columns(4, gap="medium")
    with controls[0]:
        frame.stage_title(1, "Grid")
        layout.sizes(axes)
        layout.pads(axes)
    with controls[1]:
        frame.stage_title(2, "Its output")
        layout.steps(axes)
    with controls[2]:
        frame.stage_title(3, "Photo")
        picture_picker.controls()
    with controls[3]:
        frame.stage_title(4, "Its output")
        st.markdown("The same kernel, stride, padding and dilation, on the photo.")
    for i, column in enumerate(slots):
        with column:
            boards.slot((PAGE, f"{PAGE}:photo")[i // 2], i % 2, pin=pin if i == 0 else None)

    grid = run(views.counted(layout.grid.value), [layout.recipe()])
    boards.show(PAGE, first_two(grid), looks.look(), arithmetic(grid), pin)
    photo = on_photo()
    in_numbers(axes)
    draw_borders()
    and_back(axes, grid, photo)
    with head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(photo, first_two(photo), looks.look(), SETTINGS)


@st.fragment
def on_photo() -> Run:
    """Draw the same on the photo; the slider of its size runs this alone."""
    made, error = last_good_run(f"{PAGE}.photo", picture_picker.picture_input(), [layout.recipe()])
    if error:
        st.error(error, icon=":material/straighten:")
    sums = replace(arithmetic(made), panel=False)
    boards.show(f"{PAGE}:photo", first_two(made), looks.look(), sums)
    moves(PAGE, [picture_picker.SIZE])
    return made


def first_two(result: Run) -> list[Pane]:
    """Return the panes of input and convolution."""
    return [pane for pane in panes(result) if pane.stage < 2]


def in_numbers(axes: Axes) -> None:
    """Show the formula, what the padding is called, what is dropped, and the charts."""
    vertical, horizontal = (each.axis for each in axes)
    both = (
        {"Rows": vertical} if vertical == horizontal else {"Rows": vertical, "Columns": horizontal}
    )
    said = [
        "Output size &nbsp; ⌊(i + p + p − d·(k − 1) − 1) ÷ s⌋ + 1 &nbsp; (the kernel is a mean)"
    ]
    for name, axis in both.items():
        title = "Rows and columns" if len(both) == 1 else name
        line = "row and column" if len(both) == 1 else name.lower().rstrip("s")
        said.append(f"{title} &nbsp; {views.formula(axis)}")
        said.append(f"{views.named(axis)} {views.dropped(axis, line)}".strip())
    st.markdown("\n\n".join(said))
    rows = "" if len(both) == 1 else " (rows)"
    st.html(f"<h3>Output size{rows}, when one number changes</h3>")
    views.size_charts(axes[0])
    st.markdown(
        "**Try it.** Keep the grid at 6, the kernel at 3 and the stride at 2. "
        "Which padding drops no cell at all?"
    )
    asked = (layout.grid.value, layout.kernel_size.value, layout.stride.value) == (6, 3, 2)
    if asked and not (vertical.unread.cells or horizontal.unread.cells):
        st.success(
            f"That is one: with {vertical.padding[0]} + {vertical.padding[1]} cells of padding the "
            "windows end exactly at the end."
        )


def draw_borders() -> None:
    """Show the four borders around the photo side by side, and what a mean makes of them."""
    st.html("<h3>What goes into the border</h3>")
    most = min(picture_picker.intensities().shape[-2:]) - 1
    if most:
        slider(replace(border, high=min(border.high, most)))
    if border.value >= most:
        st.caption(f"Not above {most}: reflect mirrors the {most} cells inside the edge.")
    boards.row(*((f"{PAGE}:borders", place) for place in range(len(MODES))))
    borders()


@st.fragment
def borders() -> None:
    """Draw the borders; the slider of their width runs this alone."""
    picture = picture_picker.intensities()
    x = picture if picture.ndim == 2 else grey(picture.transpose(1, 2, 0))
    board, width = f"{PAGE}:borders", min(border.value, min(x.shape) - 1)
    packed, sentence = views.borders(board, x, width, looks.look())
    boards.send(board, packed)
    st.markdown(sentence)
    moves(f"{PAGE}:borders", [border])


def and_back(axes: Axes, grid: Run, photo: Run) -> None:
    """Show the transposed convolution of both outputs."""
    st.html("<h3>The way back: transposed convolution</h3>")
    complete.toggle()
    made = {}
    for name, result in (("grid", grid), ("photo", photo)):
        try:
            made[name] = result, *views.way_back(result, complete=complete.value)
        except ValueError as error:
            made[name] = None
            st.error(str(error))
    ways = {f"{PAGE}:back-{name}": back for name, back in made.items()}
    boards.row(
        *((board, stage) if back else None for board, back in ways.items() for stage in (0, 1))
    )
    for board, back in ways.items():
        if back:
            boards.show(board, views.back_panes(*back[:2]), replace(looks.look(), scale="each"))
    rows = views.back_formula(axes[0].axis, made["grid"][2][0]) if made["grid"] else ""
    st.markdown(
        (f"Rows &nbsp; {rows}\n\n" if rows else "")
        + "**What to look for.** Every cell stamps the kernel, times its value, where its window "
        "was; stamps that overlap add up. The size comes back, the values do not, and where the "
        "stride does not divide the kernel the stamps leave a chequerboard."
    )


geometry()
