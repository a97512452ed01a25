"""The numbers of both axes: formula, names of the padding, dropped cells, and charts."""

import streamlit as st

from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.settings import window
from cnnviz.ui.geometry.window_settings import Axes
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.formatting import left_to_right

LETTERS = "i input · k kernel · s stride · p padding on each side · d dilation"


def in_numbers(axes: Axes) -> None:
    """Show the formula, the names of the padding, the dropped cells, and the charts."""
    vertical, horizontal = (each.axis for each in axes)
    both = (
        {"Rows": vertical} if vertical == horizontal else {"Rows": vertical, "Columns": horizontal}
    )
    rule = left_to_right("⌊(i + p + p − d·(k − 1) − 1) ÷ s⌋ + 1")
    said = [f"Output size &nbsp; {rule}", LETTERS]
    for name, axis in both.items():
        title = "Rows and columns" if len(both) == 1 else name
        line = "row and column" if len(both) == 1 else name.lower().rstrip("s")
        said.append(f"{title} &nbsp; {views.formula(axis)}")
        said.append(f"{views.named(axis)} {views.unread_sentence(axis, line)}".strip())
    frame.say("\n\n".join(said))
    rows = "" if len(both) == 1 else " (rows)"
    st.html(f"<h3>Output size{rows}, when one number changes</h3>")
    views.size_charts(axes[0])
    frame.say(
        "**Try this.** Keep the grid at 6, the kernel at 3 and the stride at 2. "
        "Which padding drops no cell at all?"
    )
    asked = (window.grid.value, window.kernel_size.value, window.stride.value) == (6, 3, 2)
    if asked and not (vertical.unread.cells or horizontal.unread.cells):
        rows, columns = (
            f"{before} + {after}" for before, after in (vertical.padding, horizontal.padding)
        )
        cells = f"{rows} cells" if rows == columns else f"{rows} rows and {columns} columns"
        st.success(f"That is one: with {cells} of padding the windows end exactly at the end.")
