"""Downloads of a page with a chain: its maps as files, and the chain as programs."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from cnnviz.experiments.chain import STAGES, Pairs, Recipe, feature_maps
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.images.colour_maps import COLOUR_MAPS, png
from cnnviz.images.loading import encode_png
from cnnviz.ui.chain.panes import kernel_label, of_channel
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.animation.film import films
from cnnviz.ui.export.dialogs import Code, Downloads, File, npy, settings_file, zipped
from cnnviz.ui.export.figures import Laid, Scale, figure
from cnnviz.ui.export.programs import DIALECTS
from cnnviz.ui.maps.message import describe, levels
from cnnviz.ui.maps.panes import Colouring, Pane, Range
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.settings import Setting, as_json

Board = tuple[Sequence[Pane], Colouring]


class Work(NamedTuple):
    """What the open part of a page offers: its run, its panes, and the code that makes them.

    Panes and code may be made only when a button is pressed; by default, the code is that of the
    run's chain. `others` are boards with a colouring of their own, not the one chosen on the page.
    """

    run: Run
    panes: Sequence[Pane] | Callable[[], Sequence[Pane]]
    code: Callable[[], Code] | None = None
    others: Sequence[Board] = ()


def buttons(work: Work, colouring: Colouring, settings: Sequence[Setting]) -> None:
    """Draw the buttons for downloads and code."""

    def code() -> Code:
        return work.code() if work.code else Code((feature_maps,), snippets(work.run))

    def files() -> Downloads:
        shown = work.panes() if callable(work.panes) else work.panes
        return downloads(work.run, ((shown, colouring), *work.others), as_json(settings), code())

    dialogs.buttons(files, code)


def downloads(
    run: Run, boards: Sequence[Board], settings: Mapping[str, object], code: Code
) -> Downloads:
    """Return a ZIP of everything, each map as a picture, and the films of the first board."""
    everything = File(
        "cnnviz.zip",
        lambda: zipped(_files(run, boards, settings, code)),
        "All maps as ZIP",
    )
    pictures = (
        File(
            f"{name}.png",
            partial(pane_png, pane, ends, colouring),
            beside=File(
                f"{name}.svg", partial(pane_svg, run, pane, ends, colouring), "with title and scale"
            ),
        )
        for name, pane, ends, colouring in _named(boards)
    )
    return Downloads(
        (everything, *pictures),
        "Pictures, one pixel per cell (PNG), and the same as figures with title, scale and kernel "
        "(SVG); exact numbers (.npy), settings.json, and the code that reads them.",
        films(run, *boards[0]),
    )


def _named(boards: Sequence[Board]) -> list[tuple[str, Pane, Range, Colouring]]:
    """Return all panes with file names, the ends of their colour scales, and their colouring."""
    coloured = [
        (pane, ends, colouring)
        for panes, colouring in boards
        for pane, ends in zip(panes, colouring.ranges(panes), strict=True)
    ]
    names = file_names([pane for pane, *_ in coloured])
    return [(name, *each) for name, each in zip(names, coloured, strict=True)]


def _files(
    run: Run, boards: Sequence[Board], settings: Mapping[str, object], code: Code
) -> Iterator[tuple[str, bytes | str]]:
    """Yield all maps, the settings, the programs that compute the maps, and their input."""
    for name, pane, ends, colouring in _named(boards):
        yield f"{name}.png", pane_png(pane, ends, colouring)
        yield f"{name}.svg", pane_svg(run, pane, ends, colouring)
        yield f"{name}.npy", npy(pane.values)
    if any("input.npy" in source for source in code.programs.values()):
        yield "input.npy", npy(run.input.values.astype(np.float64))
    yield settings_file(settings)
    for name, source in code.programs.items():
        yield f"{name.lower().replace(' ', '_')}.py", source


def snippets(
    run: Run, activated: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> dict[str, str]:
    """Return the computation of `run` as programs, by library.

    `activated` are lines, by library, that stand in place of the activation.
    """
    return {
        name: write(
            run.recipes,
            colour=run.input.colour,
            scale=run.input.white,
            activated=activated.get(name, ()),
        )
        for name, write in DIALECTS.items()
    }


def file_names(panes: Sequence[Pane]) -> list[str]:
    """Return a unique name for each pane, such as "2_convolution_sobel_x"."""
    names: list[str] = []
    for pane in panes:
        words = re.findall(r"[^\W_]+", pane.title.lower())
        name = pane.file or "_".join([str(pane.stage + 1), STAGES[pane.stage], *words])
        twins = sum(other == name or other.startswith(f"{name}_again") for other in names)
        names.append(name if not twins else f"{name}_again{twins}")
    return names


def pane_png(pane: Pane, ends: Range, colouring: Colouring) -> bytes:
    """Return a pane as a PNG file, one pixel per cell, in the colours of the light theme."""
    drawn = levels(pane, ends)
    if pane.picture is not None or ends[0] == 0:
        return encode_png(drawn if drawn.ndim == 2 else drawn.transpose(1, 2, 0))
    return png(drawn, COLOUR_MAPS[colouring.table])


def pane_svg(run: Run | None, pane: Pane, ends: Range, colouring: Colouring) -> str:
    """Return a pane as a figure with its title, its scale, and the kernel that made it."""
    told = describe(pane, ends)
    recipe = run.recipes[pane.chain] if run and pane.chain is not None else None
    if recipe and pane.role == "part":
        recipe = of_channel(recipe, pane.channel)
    lines, kernels = [told["figures"]], []
    if run and recipe and pane.stage:
        lines.append(_made(recipe, pane.stage))
        kernels = _laid(run, recipe)
    scale = Scale("grey" if told["grey"] else colouring.table, told["legend"])
    title = ": ".join(dict.fromkeys(filter(None, (pane.title, pane.alt))))
    return figure(title, lines, pane_png(pane, ends, colouring), pane.size, scale, kernels)


def _laid(run: Run, recipe: Recipe) -> list[Laid]:
    """Return the kernels of a recipe as they lie on the picture: one, or one per channel."""
    kernels = recipe.kernels(len(run.input.values) if run.input.colour else 1)
    shown = kernels if recipe.filter else kernels[:1]
    return [
        Laid(
            _sentence_case(kernel_label(replace(recipe, kernel=one)))
            + (f", ÷ {number(one.divisor)}" if one.divisor != 1 else ""),
            one.matrix[::-1, ::-1] if recipe.flip else one.matrix,
        )
        for one in shown
    ]


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _made(recipe: Recipe, stage: int) -> str:
    """Say how a map was made: its convolution, and the later steps."""
    padding = recipe.padding if isinstance(recipe.padding, str) else _pairs(recipe.padding)
    if recipe.padding_mode != "zeros" and padding not in ("0", "valid"):
        padding += f" ({recipe.padding_mode})"
    parts = [f"stride {_both(recipe.stride)}", f"padding {padding}"]
    if recipe.dilation != (1, 1):
        parts.append(f"dilation {_both(recipe.dilation)}")
    if recipe.bias:
        parts.append(f"bias {number(recipe.bias)}")
    if stage > 1 and recipe.activation != "none":
        parts.append(ACTIVATIONS[recipe.activation].title)
    if stage > 2 and recipe.pooling != "none":
        window = " × ".join(map(str, recipe.window))
        parts.append(f"{recipe.pooling} of {window}, stride {_both(recipe.pool_stride)}")
        if any(recipe.pool_padding):
            parts[-1] += f", padding {_both(recipe.pool_padding)}"
            if recipe.pooling == "average" and not recipe.count_include_pad:
                parts[-1] += " (not counted)"
        if recipe.ceil_mode:
            parts[-1] += ", partial windows kept"
    return " · ".join(parts)


def _both(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]} down, {pair[1]} across"


def _pairs(padding: Pairs) -> str:
    (top, bottom), (left, right) = padding
    same = top == bottom == left == right
    return str(top) if same else f"{top}, {bottom}, {left}, {right} (top, bottom, left, right)"
