"""The settings of the Kernels page."""

from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.kernel_picker import NAMES, TITLES, OneKernel
from cnnviz.ui.widgets.setting_kinds import Choice

PAGE = "kernels"
part = Choice(
    f"{PAGE}.part",
    "Part",
    "all",
    older="one",  # the kernel named in the link was drawn below the gallery
    options={
        "all": "All kernels",
        "one": "Taken apart",
        "passes": "Two passes",
        "row": "Two in a row",
    },
)
one = OneKernel(PAGE, "sobel_x")
after = Choice(
    f"{PAGE}.then",
    "Second kernel",
    "gaussian_3",
    "The kernel that works on the map of the first.",
    options={name: TITLES[name] for name in NAMES},
)
colours = ColouringSettings(PAGE)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
progress = Progress(PAGE)
SETTINGS = (
    part,
    *working_picture.SETTINGS,
    *one.settings,
    after,
    *colours.settings,
    pin,
    *progress.settings,
)
GALLERY = f"{PAGE}:gallery"
