"""The controls, maps and measures for tasks on the Inside page."""

from math import prod

from cnnviz.nn import Row
from cnnviz.ui.classroom.task_page import PICTURES, Control, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.inside import own_file, settings, what_if
from cnnviz.ui.inside.network import subject, tested
from cnnviz.ui.inside.photos import fooling
from cnnviz.ui.inside.photos import settings as photo_settings
from cnnviz.ui.inside.photos import what_if as photo_what_if
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.photos.run import run as photo_run
from cnnviz.ui.inside.settings import PAGE, Inspection
from cnnviz.ui.network.choice import NETWORK

SETTINGS = (*settings.SETTINGS, *photo_settings.SETTINGS)
CONTROLS = {
    "picture": PICTURES["picture"],
    "network": Control("Network", (NETWORK,)),
    "file": Control("How a file is read", (own_file.SCALE, own_file.ORDER)),
    "show": Control("What it is shown", (settings.SOURCE,)),
    "example": Control("Examples", (settings.EXAMPLE, settings.FIRST, settings.MISTAKES)),
    "drawing": Control("Drawing", (settings.DRAWING,)),
    "class": Control("Class that is asked about", (settings.CLASS,)),
    "patch": Control("Covered patch", (settings.PATCH,)),
    "open": Control("Opened cell", (settings.OPEN,)),
    "silenced": Control("Maps that are silenced", what_if.SETTINGS),
    "view": Control("View of photos", (photo_settings.VIEW,)),
    "crop": Control("Square of the photo", photo_settings.CROP),
    "evidence": Control("Evidence on the photo", (photo_settings.OVER, photo_settings.LAYER)),
    "noise": Control("Noise", (photo_settings.EPSILON,)),
    "towards": Control("Towards a class", (photo_settings.TOWARDS,)),
    "what_if": Control(
        "Maps that are changed",
        (
            photo_settings.WHAT_LAYER,
            photo_settings.CHANNELS,
            photo_settings.FACTOR,
            photo_settings.PAINT,
        ),
    ),
    "unit": Control("Unit", (photo_settings.UNIT_LAYER, photo_settings.UNIT)),
}


def present() -> Inspection:
    """Return the run of the network on its input."""
    return settings.run()


def truth() -> int:
    """Return the class of the example; −1 if it is unknown."""
    found = present().truth
    return -1 if found is None else found


def is_wrong() -> int:
    """Return 1 if the answer is wrong, 0 if it is right, −1 if that is unknown."""
    made = present()
    return -1 if made.truth is None else int(made.answer != made.truth)


def row(name: str) -> Row:
    """Return a row of the summary by its name."""
    return next(one for one in subject().rows if one.name == name)


def photo() -> PhotoRun:
    """Return the run of the photo network on the chosen square."""
    return photo_run()


def fooled() -> PhotoRun:
    """Return the run with the noise."""
    return fooling.with_noise(photo())


def changed() -> PhotoRun:
    """Return the run with changed maps."""
    return photo_what_if.changed(photo())


MEASURES = {
    "answer": Measure(
        "The answer, as the number of a class",
        lambda: present().answer,
        "It takes this for another class.",
    ),
    "truth": Measure(
        "The truth, as the number of a class", truth, "This example is of another class."
    ),
    "wrong": Measure("Whether the answer is wrong", is_wrong, "It gets this one right."),
    "share": Measure(
        "Share of the answer, in percent", lambda: 100 * float(present().shares.max())
    ),
    "parameters": Measure("Parameters", lambda: sum(one.parameters for one in subject().rows)),
    "layers": Measure("Layers", lambda: len(subject().rows)),
    "classes": Measure("Classes", lambda: len(subject().network.classes)),
    "flattened": Measure(
        "Numbers after flattening",
        lambda: next(
            prod(one.output_shape) for one in subject().rows if len(one.output_shape) == 1
        ),
    ),
    "first": Measure("Parameters of the first layer", lambda: subject().rows[0].parameters),
    "tested": Measure(
        "Held-out pictures it gets right, in percent", lambda: 100 * tested(subject()).accuracy
    ),
    "photo_share": Measure(
        "Share of its answer to the photo, in percent", lambda: 100 * float(photo().shares.max())
    ),
    "fooled": Measure(
        "Whether the noise changes the answer",
        lambda: int(fooled().answer != photo().answer),
        "The answer is still the same.",
    ),
    "tipped": Measure(
        "Whether the changed maps change the answer",
        lambda: int(changed().answer != photo().answer),
        "The answer is still the same.",
    ),
    "photo_parameters": Measure(
        "Parameters of the network of the photos",
        lambda: sum(one.parameters for one in photo().rows),
    ),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, {}, MEASURES), settings.progress)
