"""The part of the Training page that learns one's own things, without a browser."""

from tests.ui.apptest import spaced
from tests.ui.pages import open_page, run_again

PAGE = "pages/9_Training.py"
OWN = {"training.part": "own", "shared.picture": "astronaut"}
THINGS = "training:things"


def own(settings=None, things=None):
    kept = {THINGS: things} if things else {}
    return open_page(PAGE, {**OWN, **(settings or {}), **kept})


def words(at):
    found = [*at.markdown, *at.caption, *at.info, *at.warning]
    return spaced("\n".join(element.value for element in found))


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    button.click()
    return run_again(at)


def opened(at, data):
    uploader = next(field for field in at.file_uploader if field.label.startswith("Open classes"))
    uploader.upload("taught.npz", data, "application/octet-stream")
    return run_again(at)


def things(at):
    return at.session_state[THINGS]
