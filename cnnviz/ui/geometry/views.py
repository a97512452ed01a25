"""The views of the Geometry page: panes, formulas, sentences, small charts of output sizes."""

from dataclasses import astuple
from hashlib import blake2b

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.experiments.axis_limits import AxisSettings
from cnnviz.experiments.borders import bordered, rim
from cnnviz.experiments.chain_input import Input
from cnnviz.functional.axis import Axis
from cnnviz.functional.checks import cell_count
from cnnviz.functional.dtypes import floats
from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.functional.transposed_convolution import conv_transpose2d
from cnnviz.ui.chain.padding import MODES
from cnnviz.ui.chain.run import Run
from cnnviz.ui.maps.message import message
from cnnviz.ui.maps.panes import Colouring, Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import left_to_right, listed, number, together

_sizes = component("output-sizes")

NAMES = {
    "size": "input i",
    "kernel_size": "kernel k",
    "stride": "stride s",
    "padding": "padding p",
    "dilation": "dilation d",
}
RANGES = {
    "size": range(1, 13),
    "kernel_size": range(1, 8),
    "stride": range(1, 9),
    "padding": range(7),
    "dilation": range(1, 7),
}


def counted(side: int) -> Input:
    """Return a grid whose cells are numbered from 1, so that they are distinguishable."""
    return Input.numbers(np.arange(1, side * side + 1).reshape(side, side))


def formula(axis: Axis) -> str:
    """Write the output size with the numbers filled in and the floor shown, as Markdown."""
    before, after = axis.padding
    k, d, s = axis.kernel_size, axis.dilation, axis.stride
    room = axis.padded - axis.extent
    steps = [
        f"⌊({axis.size} + {before} + {after} − {d}·({k} − 1) − 1) ÷ {s}⌋ + 1",
        f"⌊{room} ÷ {s}⌋ + 1",
    ]
    if room % s:
        steps.append(f"⌊{number(room / s)}⌋ + 1")
    return left_to_right(" = ".join([*steps, f"**{axis.output}**"]))


def named(axis: Axis) -> str:
    """Say which names this padding has."""
    before, after = axis.padding
    cells = f"{before} + {after} cells of padding"
    if not axis.names:
        return f"{cells}: custom padding."
    return f"{cells}: that is {listed([f'**{name}**' for name in axis.names])}."


def unread_sentence(axis: Axis, line: str) -> str:
    """Say which lines ("row" or "column") no window reads, and why; empty if all are read."""
    holes, jumped, tail = axis.unread
    sentences = []
    if tail:
        outside = sum(cell >= axis.size for cell in tail)
        where = {0: "", len(tail): " of the padding"}.get(outside, f", {outside} of them padding")
        sentences.append(
            f"Stride {axis.stride} does not fit: the floor drops the last "
            f"{_count(len(tail), line)}{where} (shaded)."
        )
    for cells, why in (
        (jumped, f"Stride {axis.stride} jumps over"),
        (
            holes,
            f"With dilation {axis.dilation} and stride {axis.stride} the holes between the weights "
            "always fall on",
        ),
    ):
        if cells:
            one = "one " if len(cells) == 1 else ""
            sentences.append(f"{why} {one}{_count(len(cells), line)} (shaded).")
    return " ".join(sentences)


def border_panes(x: NDArray[np.uint8], width: int) -> tuple[list[Pane], float, dict[str, float]]:
    """Return the four borders around x (H, W), and below each the mean over the border's width.

    Also return the mean of the outermost cells, of the picture and of each of the lower maps.
    """
    height, columns = x.shape
    place = (ReceptiveField(start=-width),) * 2
    outline, shown, rims = (0, 0, height, columns), [], {}
    for slot, (mode, title) in enumerate(MODES.items()):
        made = bordered(x, width, mode)
        rims[mode] = made.rim
        padded, mean = made.padded, np.rint(made.mean).astype(np.uint8)
        shown.append(
            Pane(
                0,
                title,
                f"The picture with a border of {cell_count(width)}, {title}",
                padded,
                place,
                picture=padded.astype(np.uint8),
                outline=outline,
                slot=slot,
                file=f"border_{mode}",
            )
        )
        text = f"The mean over {2 * width + 1} × {2 * width + 1} cells, {title}"
        shown.append(Pane(1, "its mean", text, mean, picture=mean, slot=slot, file=f"mean_{mode}"))
    return shown, rim(floats(x)), rims


def borders(
    board: str, x: NDArray[np.uint8], width: int, colouring: Colouring
) -> tuple[Packed, str]:
    """Return the message of `border_panes`, and the sentence on their rims."""
    return _borders(
        board, blake2b(np.ascontiguousarray(x).data).digest(), x.shape, width, astuple(colouring), x
    )


# Most changes on the page do not affect the borders. An entry takes about 8 bytes per cell of the
# picture; Streamlit's whole cache is limited by server.maxCacheDataSize.
@st.cache_data(max_entries=32, show_spinner=False)
def _borders(
    board: str,
    digest: bytes,  # together with the shape it identifies the picture
    shape: tuple[int, int],
    width: int,
    colouring: tuple,
    _x: NDArray[np.uint8],
) -> tuple[Packed, str]:
    shown, own, rims = border_panes(_x, width)
    return message(board, shown, Colouring(*colouring)), rim_sentence(own, rims)


def loss_sentence(shape: tuple[int, int], width: int) -> str:
    """Say what a mean over a border's width would leave of a picture (H, W) without the border."""
    height, columns = (size - 2 * width for size in shape)
    window, whole = f"{2 * width + 1} × {2 * width + 1}", f"{shape[0]} × {shape[1]}"
    left = together(f"{height} × {columns}") if min(height, columns) > 0 else "none"
    lines = "one row or column" if width == 1 else f"{width} rows or columns"
    return (
        f"Why add cells at all? Without them a mean over {together(window)} cells would lose "
        f"{lines} on every side: of {together(whole)} cells {left} would be left."
    )


def rim_sentence(own: float, rims: dict[str, float]) -> str:
    """Say how bright the rim is after the mean, for each kind of border."""
    others = (own, *(value for mode, value in rims.items() if mode != "zeros"))
    darker = "Zeros are invented black, so they darken the rim."
    found = ", ".join(f"{MODES[mode]} **{number(value)}**" for mode, value in rims.items())
    return (
        f"Mean brightness of the outermost cells: in the picture {number(own)}; after the mean, "
        f"with {found}. Every border is invented. {darker if rims['zeros'] < min(others) else ''}"
    )


def way_back(run: Run, *, complete: bool) -> tuple[NDArray[np.floating], tuple[int, int]]:
    """Return the transposed convolution of a run's map, and the cells of output padding.

    With `complete`, the rows and columns that a stride has dropped come back.
    """
    recipe, axes = run.recipes[0], run.geometries[0].convolution
    down, along = (axis.size - axis.transposed_size if complete else 0 for axis in axes)
    back = conv_transpose2d(
        run.maps[0].features,
        recipe.kernel.weights,
        stride=recipe.stride,
        padding=(axes[0].padding, axes[1].padding),
        dilation=recipe.dilation,
        output_padding=(down, along),
    )
    return back, (down, along)


def back_panes(source: str, run: Run, back: NDArray[np.floating]) -> list[Pane]:
    """Return the map of a run and its transposed convolution, named after what it started from."""
    there, fields = run.maps[0].features, run.geometries[0].feature_fields
    told = "The output of the convolution", "The output of the transposed convolution"
    files = f"{source.lower()}_there", f"{source.lower()}_back"
    return [
        Pane(0, f"{source}: there", told[0], there, fields, file=files[0]),
        Pane(1, f"{source}: and back", told[1], back, file=files[1]),
    ]


def back_formula(axis: Axis, extra: int) -> str:
    """Write the size of the transposed convolution with the numbers filled in."""
    before, after = axis.padding
    more = f" + {extra}" if extra else ""
    return left_to_right(
        f"({axis.output} − 1)·{axis.stride} − {before} − {after} + "
        f"{axis.dilation}·({axis.kernel_size} − 1) + 1{more} = **{axis.transposed_size + extra}**"
    )


def size_charts(settings: AxisSettings) -> None:
    """Draw the output size against each number while the others stay fixed."""
    # Named padding depends on the other numbers; padding per side has no single number to vary.
    turned = [name for name in RANGES if name != "padding" or isinstance(settings.padding, int)]
    _sizes(
        key="geometry:sizes",
        data=[
            {
                "name": NAMES[name],
                "present": getattr(settings, name),
                "points": [
                    (value, size)
                    for value, size in zip(
                        RANGES[name], settings.against(name, RANGES[name]), strict=True
                    )
                    if size is not None
                ],
                "span": (RANGES[name][0], RANGES[name][-1]),
            }
            for name in turned
        ],
    )


def _count(cells: int, line: str) -> str:
    return line if cells == 1 else f"{cells} {line.replace(' and', 's and')}s"
