"""What a person takes home: the code that ran, the same in other libraries, maps as files."""

import inspect
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from cnnviz.experiments.pipeline import STAGES, feature_maps
from cnnviz.images.colour_maps import COLOUR_MAPS, png
from cnnviz.images.loading import encode_png
from cnnviz.nn import Sequential
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export.programs import DIALECTS
from cnnviz.ui.maps.message import levels
from cnnviz.ui.maps.panes import Look, Pane
from cnnviz.ui.widgets.settings import Setting, as_json


@dataclass(frozen=True)
class Code:
    """The functions that just ran, and what gives the same numbers elsewhere.

    `programs` are by library; each loads input.npy.
    """

    ran: Sequence[Callable]
    programs: Mapping[str, str]


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
    if st.button("Download"):
        _downloads(run, panes, look, as_json(settings), _written(run, write))
    if st.button("Code"):
        _code(_written(run, write))


@st.dialog("Download", width="medium")
def _downloads(
    run: Run,
    panes: Sequence[Pane],
    look: Look,
    settings: Mapping[str, object],
    code: Code,
) -> None:
    st.download_button(
        "All maps as ZIP",
        partial(archive, run, panes, look, settings, code),
        "cnnviz.zip",
        "application/zip",
        type="primary",
        on_click="ignore",
    )
    st.caption("Pictures (PNG), exact numbers (.npy), settings.json, and the code that reads them.")
    for name, pane, limit in zip(file_names(panes), panes, look.limits(panes), strict=True):
        st.download_button(
            f"{name}.png",
            partial(pane_png, pane, limit, look),
            f"{name}.png",
            "image/png",
            key=f"download:{name}",
            on_click="ignore",
        )


@st.dialog("Code", width="large")
def _code(code: Code) -> None:
    ours, *others = st.tabs(["What just ran", *code.programs])
    with ours:
        st.code("\n\n".join(map(inspect.getsource, code.ran)), language="python")
    for tab, source in zip(others, code.programs.values(), strict=True):
        with tab:
            st.caption("Gives the numbers on this page. input.npy is in the ZIP under Download.")
            st.code(source, language="python")


def _written(run: Run, write: Callable[[], Code] | Code | None) -> Code:
    if write is None:
        return Code((feature_maps,), snippets(run))
    return write if isinstance(write, Code) else write()


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


def archive(
    run: Run,
    panes: Sequence[Pane],
    look: Look,
    settings: Mapping[str, object],
    code: Code,
) -> bytes:
    """Return all maps as a ZIP file: PNG, .npy, the settings, and code that computes them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, pane, limit in zip(file_names(panes), panes, look.limits(panes), strict=True):
            folder.writestr(f"{name}.png", pane_png(pane, limit, look))
            folder.writestr(f"{name}.npy", npy(pane.values))
        folder.writestr("input.npy", npy(run.input.values.astype(np.float64)))
        folder.writestr("settings.json", json.dumps(settings, indent=2, ensure_ascii=False))
        for name, source in code.programs.items():
            folder.writestr(f"{name.lower().replace(' ', '_')}.py", source)
    return file.getvalue()


def npy(values: np.ndarray) -> bytes:
    """Return an array as a .npy file."""
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


def saved(network: Sequential) -> bytes:
    """Return a network as an npz file."""
    file = io.BytesIO()
    network.save(file)
    return file.getvalue()
