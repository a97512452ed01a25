"""What the tests of pages without a browser share."""

import logging
import sys
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import app_test, local_script_runner

from cnnviz.nn.pretrained import FOLDER, pretrained
from cnnviz.ui.network import photo_stages

# Whoever opens a page without a browser has the metadata of all installed packages searched for
# components, which takes three quarters of the time. While the tests run, they stay the same.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
# So do the scripts: each run would compile them anew.
app_test.ScriptCache = local_script_runner.ScriptCache = cache(app_test.ScriptCache)
# It warns of each setting that a test sets outside a run, in as long as the run looks at it.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True


@pytest.fixture(params=["missing", "cut short", "garbage", "one bit"])
def without_photos(request, tmp_path, monkeypatch):
    """Take the weights of the network for photos away; return what is said of them."""
    for name in ("digits.npz", "shapes.npz"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    whole = (FOLDER / "photos.npz").read_bytes()
    changed = whole[:200_000] + bytes([whole[200_000] ^ 16]) + whole[200_001:]
    found = {"missing": None, "cut short": whole[:9999], "garbage": b"PK" + whole[2:999][::-1]}
    data = found.get(request.param, changed)
    if data is not None:
        (tmp_path / "photos.npz").write_bytes(data)
    monkeypatch.setattr(sys.modules["cnnviz.nn.pretrained"], "FOLDER", tmp_path)
    monkeypatch.setattr(photo_stages, "pretrained", pretrained.__wrapped__)  # looks each time
    return "The weights assets/models/photos.npz are " + ("missing" if data is None else "damaged")
