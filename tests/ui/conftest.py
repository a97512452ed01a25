"""What the tests of pages without a browser share."""

import logging
import sys
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import app_test, local_script_runner

from cnnviz.nn.pretrained import FOLDER, pretrained
from cnnviz.ui.network import photo_stages
from cnnviz.ui.server.streamlit_patches.runs import looked_up

# Opening a page without a browser searches the metadata of all installed packages for components,
# which is three quarters of the time. The packages do not change while the tests run.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
# Nor do the scripts: without the cache, each run would compile them again.
app_test.ScriptCache = local_script_runner.ScriptCache = cache(app_test.ScriptCache)
# It looks a thousand times a second whether the run has ended.
local_script_runner.require_widgets_deltas = lambda runner, timeout: runner.join()
# As on the server: otherwise each number on a page gathers the values of all others first.
SafeSessionState.filtered_state = looked_up(SafeSessionState.filtered_state)
# It warns of each setting that a test sets outside a run, and takes as long as reading them does.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True


@pytest.fixture(params=["missing", "cut short", "garbage", "one bit"])
def without_photos(request, tmp_path, monkeypatch):
    """Remove or damage the weights of the network for photos; return the message about them."""
    for name in ("digits.npz", "shapes.npz"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    whole = (FOLDER / "photos.npz").read_bytes()
    changed = whole[:200_000] + bytes([whole[200_000] ^ 16]) + whole[200_001:]
    found = {"missing": None, "cut short": whole[:9999], "garbage": b"PK" + whole[2:999][::-1]}
    data = found.get(request.param, changed)
    if data is not None:
        (tmp_path / "photos.npz").write_bytes(data)
    monkeypatch.setattr(sys.modules["cnnviz.nn.pretrained"], "FOLDER", tmp_path)
    monkeypatch.setattr(photo_stages, "pretrained", pretrained.__wrapped__)  # no cache
    return "The weights assets/models/photos.npz are " + ("missing" if data is None else "damaged")


@pytest.fixture
def kept_uploads(monkeypatch):
    """Return a function that lists the uploaded files that Streamlit keeps in memory."""
    stores = []

    class Recorded(local_script_runner.MemoryUploadedFileManager):
        def __init__(self, endpoint):
            super().__init__(endpoint)
            stores.append(self)

    monkeypatch.setattr(local_script_runner, "MemoryUploadedFileManager", Recorded)
    return lambda: [
        file.name
        for store in stores
        for files in store.file_storage.values()
        for file in files.values()
    ]


@pytest.fixture
def lose_uploads(monkeypatch):
    """Return a function that makes the server lose every uploaded file from then on."""
    store = local_script_runner.MemoryUploadedFileManager
    return lambda: monkeypatch.setattr(store, "get_files", lambda *_, **__: [])
