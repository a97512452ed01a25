"""The downloads of the Inside page: maps, evidence, the network, and code."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from cnnviz.nn import Sequential, grad_cam, rivals, saliency
from cnnviz.nn.inspection.attribution import covered_scores
from cnnviz.nn.inspection.unit import conv_unit
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.dialogs import Code, Downloads, File, npy, saved, settings_file, zipped
from cnnviz.ui.export.downloads import pane_png, pane_svg
from cnnviz.ui.inside.settings import Inspection
from cnnviz.ui.maps.panes import Colouring, Pane
from cnnviz.ui.network.files import FILES, layer_files, network_files, programs
from cnnviz.ui.widgets.settings import Setting, as_json

WEIGHTS = "network.npz"
RAN: tuple[Callable, ...] = (
    Sequential.each_stage,
    conv_unit,
    saliency,
    covered_scores,
    grad_cam,
    rivals,
)


def buttons(run: Inspection, panes: Sequence[Pane], settings: Sequence[Setting]) -> None:
    """Draw the buttons for downloads and code."""
    dialogs.buttons(lambda: downloads(run, panes, as_json(settings)), lambda: code(run))


def downloads(run: Inspection, panes: Sequence[Pane], settings: Mapping[str, object]) -> Downloads:
    """Return a ZIP of everything."""
    return Downloads(
        (
            File("inside.zip", lambda: archive(run, panes, settings), "All maps as ZIP"),
            File(WEIGHTS, lambda: saved(run.network), "The network, as NumPy arrays"),
            *network_files(run.network),
        ),
        "A folder for each layer with its maps as pictures (PNG), as one figure "
        "with scale and filters (SVG), and as exact numbers (.npy), the "
        "evidence for the class, the network, settings.json, and the programs that read it in "
        "PyTorch and Keras.",
    )


def code(run: Inspection) -> Code:
    """Return the functions that just ran, and the network in other libraries."""
    note = f"Gives the shares on this page. {WEIGHTS} and input.npy are in the ZIP."
    return Code(RAN, programs(run.network, WEIGHTS), note)


def archive(run: Inspection, panes: Sequence[Pane], settings: Mapping[str, object]) -> bytes:
    """Return a ZIP file of all maps (PNG, .npy), the network, the settings, and the programs."""
    return zipped(_files(run, panes, settings))


def _files(
    run: Inspection, panes: Sequence[Pane], settings: Mapping[str, object]
) -> Iterator[tuple[str, bytes | str]]:
    colouring = Colouring()
    yield "input.npy", npy(run.image)
    for pane, ends in zip(panes, colouring.ranges(panes), strict=True):
        yield f"{pane.file}.png", pane_png(pane, ends, colouring)
        yield f"{pane.file}.svg", pane_svg(None, pane, ends, colouring)
        if pane.stage:
            yield f"{pane.file}.npy", npy(pane.values)
    yield from layer_files(run)
    yield WEIGHTS, saved(run.network)
    yield settings_file(settings)
    for library, text in programs(run.network, WEIGHTS).items():
        yield FILES[library], text
