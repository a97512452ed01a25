"""Network files, how the tests upload them, and what the page then says."""

from tests.nn.formats.test_fixtures import FOLDER
from tests.ui.apptest import components
from tests.ui.inside.digits import PAGE
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page, run_again

FILE = {"inside.network": "file"}


def upload(data, at=None):
    """Upload a file; return the page after it."""
    at = at or open_page(PAGE, FILE)
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open a network"))
    uploader.upload("network.npz", data, "application/octet-stream")
    return run_again(at)


def upload_all(files, at=None):
    """Upload several files at once; return the page after them."""
    at = at or open_page(PAGE, FILE)
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open a network"))
    for name, data in files.items():
        uploader.upload(name, data, "application/octet-stream")
    return run_again(at)


def fixture(*names):
    return {name: (FOLDER / name).read_bytes() for name in names}


def names(at):
    return [layer_row["name"] for layer_row in layer_rows(components(at, "overview")[-1])]


def shape_of(at, name):
    rows = layer_rows(components(at, "overview")[-1])
    return next(row["shape"] for row in rows if row["name"] == name)


def said(at):
    found = [*at.info, *at.warning, *at.caption, *at.markdown]
    return "\n".join(each.value.replace("\\", "") for each in found)


def press(at, label):
    next(each for each in at.button if each.label.startswith(label)).click()
    return run_again(at)


def told(at, label, value):
    """Type into a field, or choose from a list, as a person would."""
    fields = [*at.text_input, *at.text_area, *at.selectbox]
    next(each for each in fields if each.label.startswith(label)).set_value(value)
    return run_again(at)
