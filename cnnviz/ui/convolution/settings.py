"""The settings of the Convolution page."""

from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.convolution.exercise import ExerciseSettings
from cnnviz.ui.convolution.presets import EXERCISES
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import ColouringSettings
from cnnviz.ui.widgets.setting_kinds import Choice, Switch

PAGE = "convolution"
chosen = Choice(
    f"{PAGE}.lesson",
    "Lesson",
    next(iter(EXERCISES)),
    options={name: exercise.title for name, exercise in EXERCISES.items()},
)
predict = Switch(
    f"{PAGE}.predict",
    "Predict first",
    help="Hide the answers: work one out, type it, and have it checked.",
)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
colours = ColouringSettings(PAGE)
progress = Progress(PAGE)
exercises = {name: ExerciseSettings(PAGE, exercise) for name, exercise in EXERCISES.items()}
SETTINGS = (
    chosen,
    *(setting for exercise in exercises.values() for setting in exercise.settings),
    predict,
    pin,
    *colours.settings,
    *progress.settings,
)
