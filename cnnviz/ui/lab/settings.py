"""The settings of the Lab."""

from math import isqrt

from cnnviz.ui.chain.settings import ChainSettings
from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.setting_kinds import Switch

PAGE = "lab"
MOST_CELLS = 4 * 1024**2  # cells in all maps together
chain = ChainSettings(PAGE)
colours = ColouringSettings(PAGE)
per_channel = Switch(f"{PAGE}.channels", "Show each channel", help="What each channel adds.")
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
progress = Progress(PAGE)
SETTINGS = (
    *working_picture.SETTINGS,
    *chain.settings,
    *colours.settings,
    per_channel,
    pin,
    *progress.settings,
)


def longest_side() -> int:
    """Return the side of the picture up to which all maps stay quick to send and draw."""
    kernels = len(chain.kernels.chosen.value)
    parts = (
        3 * (kernels + 1) if per_channel.value and working_picture.COLOUR.value == "colour" else 0
    )
    return isqrt(MOST_CELLS // (1 + 3 * kernels + parts))
