"""The settings of the Convolution page."""

from cnnviz.ui.convolution.lesson import LessonSettings
from cnnviz.ui.convolution.presets import LESSONS
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import LookSettings
from cnnviz.ui.widgets.settings import Choice, Switch

PAGE = "convolution"
chosen = Choice(
    f"{PAGE}.lesson",
    "Lesson",
    next(iter(LESSONS)),
    options={name: lesson.title for name, lesson in LESSONS.items()},
)
predict = Switch(
    f"{PAGE}.predict",
    "Predict first",
    help="Hide the answers: work one out, type it, and have it checked.",
)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
looks = LookSettings(PAGE)
lessons = {name: LessonSettings(PAGE, lesson) for name, lesson in LESSONS.items()}
SETTINGS = (
    chosen,
    *(setting for lesson in lessons.values() for setting in lesson.settings),
    predict,
    pin,
    *looks.settings,
)
