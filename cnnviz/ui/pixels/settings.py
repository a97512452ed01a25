"""The settings of the Pixels page."""

from cnnviz.ui.chain.panes import CHANNELS
from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.kernel_picker import SMALL_KERNELS
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch

PAGE, SHIFT = "pixels", "pixels-shift"
part = Choice(
    f"{PAGE}.part",
    "Part",
    "planes",
    options={"planes": "Numbers", "dense": "Why not dense?", "shift": "Shift"},
)
on = {name: Switch(f"{PAGE}.{name}", f"{name.capitalize()} on", True) for name in CHANNELS}
closeup = Choice(
    f"{PAGE}.closeup", "Show", "0", options={"0": "Whole picture", "32": "32 cells", "8": "8 cells"}
)
SIDES = {"150 × 150": 150, "160 × 160": 160}
side = Number(f"{PAGE}.side", "Side of the picture", 150, low=1, high=1024, unit="px")
channels = Choice(f"{PAGE}.depth", "Channels", "3", options={"1": "1, grey", "3": "3, colour"})
kernel_size = Number(f"{PAGE}.kernel_size", "Side of the filter", 3, low=1, high=15)
units = Number(f"{PAGE}.units", "Neurons, or filters", 1, low=1, high=512)
right = Number(f"{PAGE}.right", "To the right", 3, low=-16, high=16, unit="px")
down = Number(f"{PAGE}.down", "Down", 0, low=-16, high=16, unit="px")
border = Choice(
    f"{PAGE}.border",
    "Fill",
    "circular",
    options={"circular": "Wrap around", "zeros": "Black"},
)
kernel = Choice(f"{PAGE}.kernel", "Kernel", "sobel_x", options=SMALL_KERNELS)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
colours = ColouringSettings(PAGE)
progress = Progress(PAGE)
SETTINGS = (
    part,
    *working_picture.SETTINGS,
    *on.values(),
    closeup,
    *(side, channels, kernel_size, units),
    *(right, down, border, kernel),
    pin,
    *colours.settings,
    *progress.settings,
)
