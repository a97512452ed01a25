"""The pure functions of the browser's modules, by Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "js"


@pytest.mark.skipif(not shutil.which("node"), reason="no Node; the browser tests run the same code")
def test_the_pure_functions_of_the_browser_pass_their_tests():
    files = sorted(map(str, FOLDER.glob("*.test.mjs")))
    ended = subprocess.run(["node", "--test", *files], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-2000:]
