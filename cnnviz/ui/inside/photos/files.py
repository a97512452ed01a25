"""The downloads for the photo network on the Inside page: maps, weights, and code."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from cnnviz.images.colour_maps import COLOUR_MAPS, png, symmetric_limits, to_index
from cnnviz.images.loading import encode_png
from cnnviz.nn import Sequential
from cnnviz.nn.inspection.photos import photo_input
from cnnviz.nn.inspection.preactivation import sum_behind
from cnnviz.nn.inspection.stages import strongest_first
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.dialogs import Code, Downloads, File, npy, saved, settings_file, zipped
from cnnviz.ui.export.downloads import pane_png, pane_svg
from cnnviz.ui.inside.photos import evidence
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.photos.settings import MAPS
from cnnviz.ui.maps.panes import Colouring, Pane
from cnnviz.ui.network.files import FILES, network_files, programs
from cnnviz.ui.widgets.settings import Setting, as_json

WEIGHTS = "network.npz"
RAN = (photo_input, Sequential.each_stage, strongest_first, sum_behind)
NOTE = f"Gives the shares on this page. {WEIGHTS} and input.npy are in the ZIP."


def buttons(run: PhotoRun, settings: Sequence[Setting], noise: Sequence[Pane] = ()) -> None:
    """Draw the buttons for downloads and code; `noise` is what was added to the photo, in maps."""
    dialogs.buttons(
        lambda: downloads(run, as_json(settings), noise),
        lambda: Code(RAN, programs(run.network, WEIGHTS), NOTE),
    )


def downloads(
    run: PhotoRun, settings: Mapping[str, object], noise: Sequence[Pane] = ()
) -> Downloads:
    """Return the files to download, a ZIP of everything first."""
    # There is no separate evidence for changes inside the network: all but the class map would be
    # that of the unchanged photo.
    plain = run.made is run.plain
    panes = evidence.to_hand_out(run) if plain else list
    folders = [*(["the evidence for a class"] if plain else []), *(["the noise"] if noise else [])]
    told = "".join(
        f"a folder with {name} as pictures, as figures with title and scale (SVG) and as numbers; "
        for name in folders
    )
    return Downloads(
        (
            File(
                "inside.zip", lambda: zipped(_files(run, panes, noise, settings)), "All maps as ZIP"
            ),
            File(WEIGHTS, lambda: saved(run.network), "The network, as NumPy arrays"),
            *network_files(run.network),
        ),
        f"A folder for each layer with its {MAPS} strongest maps as pictures (PNG) and the exact "
        f"numbers of all (.npy); {told}the network, settings.json, and the "
        "programs that read it in PyTorch and Keras.",
    )


def _files(
    run: PhotoRun,
    panes: Callable[[], list[Pane]],
    noise: Sequence[Pane],
    settings: Mapping[str, object],
) -> Iterator[tuple[str, bytes | str]]:
    yield "input.npy", npy(run.image)
    yield "photo.png", encode_png(run.pixels)
    yield from _maps("noise", noise)
    yield from _maps("evidence", panes(), first=1)  # the photo is there already
    for number, (name, stage) in enumerate(zip(run.network.names, run.stages, strict=True), 1):
        folder = f"{number:02}_{name.replace(' ', '_')}"
        yield f"{folder}/{name.replace(' ', '_')}.npy", npy(stage)
        limit = symmetric_limits(stage, 99.5)
        for channel in strongest_first(stage)[:MAPS].tolist() if stage.ndim == 3 else ():
            colours = png(to_index(stage[channel], -limit, limit), COLOUR_MAPS["diverging"])
            yield f"{folder}/{channel:03}.png", colours
    yield WEIGHTS, saved(run.network)
    yield settings_file(settings)
    for library, text in programs(run.network, WEIGHTS).items():
        yield FILES[library], text


def _maps(folder: str, panes: Sequence[Pane], first: int = 0) -> Iterator[tuple[str, bytes | str]]:
    """Yield the maps of one board from the `first` on, in a folder of their own."""
    colouring = Colouring()
    for pane, ends in list(zip(panes, colouring.ranges(panes), strict=True))[first:]:
        yield f"{folder}/{pane.file}.png", pane_png(pane, ends, colouring)
        yield f"{folder}/{pane.file}.svg", pane_svg(None, pane, ends, colouring)
        yield f"{folder}/{pane.file}.npy", npy(pane.values)
