"""What a page with a chain hands out: its maps as files, and the chain as programs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from cnnviz.experiments.pipeline import STAGES, feature_maps
from cnnviz.images.colour_maps import COLOUR_MAPS, png
from cnnviz.images.loading import encode_png
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.dialogs import Code, Downloads, File, npy, settings_file, zipped
from cnnviz.ui.export.programs import DIALECTS
from cnnviz.ui.maps.message import levels
from cnnviz.ui.maps.panes import Look, Pane
from cnnviz.ui.widgets.settings import Setting, as_json


def buttons(
    run: Run,
    panes: Sequence[Pane],
    look: Look,
    settings: Sequence[Setting],
    write: Callable[[], Code] | Code | None = None,
) -> None:
    """Draw the buttons for downloads and code.

    `write` gives the code when a button is pressed; without it, that of the chain of `run`.
    """

    def code() -> Code:
        if write is None:
            return Code((feature_maps,), snippets(run))
        return write if isinstance(write, Code) else write()

    dialogs.buttons(lambda: downloads(run, panes, look, as_json(settings), code()), code)


def downloads(
    run: Run, panes: Sequence[Pane], look: Look, settings: Mapping[str, object], code: Code
) -> Downloads:
    """Return a ZIP of everything, and each map as a picture."""
    everything = File(
        "cnnviz.zip", lambda: zipped(_files(run, panes, look, settings, code)), "All maps as ZIP"
    )
    pictures = (
        File(f"{name}.png", partial(pane_png, pane, limit, look))
        for name, pane, limit in zip(file_names(panes), panes, look.limits(panes), strict=True)
    )
    return Downloads(
        (everything, *pictures),
        "Pictures (PNG), exact numbers (.npy), settings.json, and the code that reads them.",
    )


def _files(
    run: Run, panes: Sequence[Pane], look: Look, settings: Mapping[str, object], code: Code
) -> Iterator[tuple[str, bytes | str]]:
    """Yield all maps, the input, the settings, and the programs that compute them."""
    for name, pane, limit in zip(file_names(panes), panes, look.limits(panes), strict=True):
        yield f"{name}.png", pane_png(pane, limit, look)
        yield f"{name}.npy", npy(pane.values)
    yield "input.npy", npy(run.input.values.astype(np.float64))
    yield settings_file(settings)
    for name, source in code.programs.items():
        yield f"{name.lower().replace(' ', '_')}.py", source


def snippets(run: Run) -> dict[str, str]:
    """Return the computation of `run` as code, by library."""
    return {
        name: write(run.recipes, colour=run.input.colour, scale=run.input.white)
        for name, write in DIALECTS.items()
    }


def file_names(panes: Sequence[Pane]) -> list[str]:
    """Return a name for each pane, as "2_convolution_sobel_x"; no two are the same."""
    names: list[str] = []
    for pane in panes:
        parts = [str(pane.stage + 1), STAGES[pane.stage], *pane.title.lower().split()]
        name = pane.file or "_".join(word for word in parts if word.isalnum())
        twins = sum(other == name or other.startswith(f"{name}_again") for other in names)
        names.append(name if not twins else f"{name}_again{twins}")
    return names


def pane_png(pane: Pane, limit: float, look: Look) -> bytes:
    """Return a pane as a PNG file, one pixel a cell, in the colours of the light theme."""
    if pane.picture is not None:
        return encode_png(
            pane.picture if pane.picture.ndim == 2 else pane.picture.transpose(1, 2, 0)
        )
    return png(levels(pane, limit), COLOUR_MAPS[look.table])
