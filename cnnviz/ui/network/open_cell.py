"""The opened cell of a network: its map, enlarged, and its arithmetic."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from cnnviz.nn import Row
from cnnviz.ui.maps.overview import CELL, Cell, LayerRow, overview
from cnnviz.ui.network import unit
from cnnviz.ui.network.layer_rows import field_windows
from cnnviz.ui.network.run import NetworkRun
from cnnviz.ui.widgets.setting_kinds import Switch
from cnnviz.ui.widgets.settings import Setting


class OpenCell(Setting):
    """The cell to take apart: "conv2,5,12,40", or empty."""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if not CELL.fullmatch(text):
            raise ValueError("layer, map, row and column")
        return text


def opened(
    run: NetworkRun,
    layer_rows: Sequence[LayerRow],
    setting: Setting,
    page: str,
    tell: Callable[[NetworkRun, Cell], Mapping[str, Any]] = unit.arithmetic,
    over: Switch | None = None,
) -> Cell | None:
    """Draw the map of the opened cell, enlarged, and the arithmetic of the cell; return the cell.

    `setting` holds the cell, and `page` makes the keys of the elements unique. `tell` returns the
    arithmetic of the cell, and `over` is whether the map lies over the picture.
    """
    with st.container(key="opened"):
        cell = Cell.parse(setting.value, layer_rows)
        if cell is None:
            return None
        layer_row = next(layer_row for layer_row in layer_rows if layer_row.name == cell.name)
        with st.container(border=True):
            drawing, sentences = st.columns([1.15, 1], gap="large")
            with drawing:
                over_it = bool(over and over.value)
                _map(run, layer_rows[0], replace(layer_row, over=over_it), cell, setting, page)
                if over and layer_row.values.ndim == 3:
                    over.toggle()
            with sentences:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.html(f'<h2 class="stage">{_place(layer_row, cell)}</h2>')
                    st.button("Close", icon=":material/close:", on_click=setting.set, args=("",))
                unit.write(f"{page}:unit", tell(run, cell))
        return cell


def _place(layer_row: LayerRow, cell: Cell) -> str:
    title = escape(layer_row.title)
    if layer_row.values.ndim == 1:
        return f"{title}, number {cell.channel}"
    return f"{title}, map {cell.channel}, row {cell.row}, column {cell.column}"


def _map(
    run: NetworkRun, picture: LayerRow, layer_row: LayerRow, cell: Cell, setting: Setting, page: str
) -> None:
    """Draw one map, or the vector, with the receptive fields of its cells in the picture."""
    shown, large = cell, replace(layer_row, windows=None, flat=False)
    if layer_row.values.ndim == 3:
        shown = cell._replace(channel=0)
        large = replace(
            large,
            title=f"{layer_row.title} · map {cell.channel}",
            values=layer_row.values[[cell.channel]],
            windows=None if layer_row.kernels else field_windows(_row(run, layer_row)),
            groups=1,
            shown=None,
            order=None,
            large=True,
        )

    def choose(text: str) -> None:
        name, channel, row, column = text.split(",")
        setting.set(f"{name},{cell.channel if large.large else channel},{row},{column}")

    parts = [replace(picture, name="picture", aside=True), large]
    overview(f"{page}:large", parts, str(shown), choose, hint="Choose another cell.")


def _row(run: NetworkRun, layer_row: LayerRow) -> Row | None:
    """Return the summary row of the layer that a row shows; None for the picture."""
    return next((row for row in run.rows if row.name == layer_row.name), None)
