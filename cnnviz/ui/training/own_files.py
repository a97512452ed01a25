"""Downloads of "your own things": the taught classes, and the network as a program."""

import io
from collections.abc import Sequence

from cnnviz.nn.training.softmax_regression import fit_head, leave_one_out
from cnnviz.nn.training.transfer import evidence_of, features_of
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.dialogs import Code, Downloads, File, npy, saved, settings_file, zipped
from cnnviz.ui.network.files import FILES, network_files, programs
from cnnviz.ui.training.own_things import Learned, as_file
from cnnviz.ui.training.own_views import seen
from cnnviz.ui.widgets.settings import Setting, as_json

WEIGHTS = "network.npz"
RAN = (features_of, fit_head, leave_one_out, evidence_of)
NOTE = f"Gives the shares of your classes. {WEIGHTS} and input.npy are in the ZIP."


def buttons(made: Learned | None, settings: Sequence[Setting]) -> None:
    """Draw the buttons, once there is something to download."""
    if made:
        dialogs.buttons(
            lambda: downloads(made, settings),
            lambda: Code(RAN, programs(made.network, WEIGHTS), NOTE),
        )


def downloads(made: Learned, settings: Sequence[Setting]) -> Downloads:
    """Return the files to download."""
    return Downloads(
        (
            File("own_things.zip", lambda: archive(made, settings), "Everything as ZIP"),
            File("taught.npz", lambda: taught(made), "The taught classes, to open here again"),
            File(WEIGHTS, lambda: saved(made.network), "The network, as NumPy arrays"),
            *network_files(made.network),
        ),
        "taught.npz has the features and thumbnails of your pictures and the learned layer; the "
        "pictures themselves are in none of the files. The network and the programs that read it "
        "in PyTorch and Keras are in the ZIP.",
    )


def taught(made: Learned) -> bytes:
    """Return the taught classes as a file that can be opened here again."""
    file = io.BytesIO()
    as_file(made).save(file)
    return file.getvalue()


def archive(made: Learned, settings: Sequence[Setting]) -> bytes:
    """Return everything as a ZIP file."""
    return zipped(
        [
            ("taught.npz", taught(made)),
            (WEIGHTS, saved(made.network)),
            ("input.npy", npy(seen(made).image)),
            settings_file(as_json(settings)),
            *((FILES[name], text) for name, text in programs(made.network, WEIGHTS).items()),
        ]
    )
