"""The settings of the Geometry page."""

from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.geometry.window_settings import WindowSettings
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch

PAGE = "geometry"
window = WindowSettings(PAGE)
part = Choice(
    f"{PAGE}.part",
    "Part",
    "sizes",
    options={"sizes": "Output size", "border": "Border", "back": "The way back"},
)
border = Number(
    f"{PAGE}.border",
    "Cells of border",
    12,
    "The lower maps are the mean over this many cells on every side.",
    low=1,
    high=32,
    unit="px",
)
complete = Switch(
    f"{PAGE}.complete",
    "Bring the dropped cells back",
    help="output_padding: adds as many cells at the end as the floor dropped; their values are not "
    "restored.",
)
colours = ColouringSettings(PAGE)
progress = Progress(PAGE)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
SETTINGS = (
    part,
    *working_picture.SETTINGS,
    *window.settings,
    border,
    complete,
    *colours.settings,
    pin,
    *progress.settings,
)
