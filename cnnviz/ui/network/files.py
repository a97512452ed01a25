"""The maps of a network as files."""

import zipfile

from cnnviz.images.colour_maps import COLOUR_MAPS, png, symmetric_limits, to_index
from cnnviz.ui.export.downloads import npy
from cnnviz.ui.network.run import NetworkRun


def write_layers(folder: zipfile.ZipFile, run: NetworkRun) -> None:
    """Write a folder for each layer: its maps as pictures, and its exact numbers."""
    for number, (row, stage) in enumerate(zip(run.stack.rows, run.stages, strict=False), 1):
        name = f"{number:02}_{row.name}"
        folder.writestr(f"{name}/{row.name}.npy", npy(stage))
        limit = symmetric_limits(stage, 99.5)
        for channel, plane in enumerate(stage if stage.ndim == 3 else ()):
            colours = png(to_index(plane, -limit, limit), COLOUR_MAPS["diverging"])
            folder.writestr(f"{name}/{channel:03}.png", colours)
