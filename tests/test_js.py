import re
import subprocess
from pathlib import Path

import playwright
import pytest

ROOT = Path(__file__).parents[1]
NODE = Path(playwright.__file__).parent / "driver" / "node"  # Playwright brings its own


@pytest.mark.parametrize(
    "file", sorted((ROOT / "tests" / "js").glob("*.test.mjs")), ids=lambda file: file.name
)
def test_the_modules_of_the_browser_pass_their_tests(file):
    run = subprocess.run(
        [NODE, "--test", file], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_what_is_loaded_ahead_is_what_maps_and_sliders_are_made_of():
    folder = ROOT / "static" / "components"
    needed, found = ["link", "maps", "pane", "slider"], set()
    while needed:
        name = needed.pop()
        if name not in found:
            found.add(name)
            needed += re.findall(r'import\("\./([\w-]+)\.js"', (folder / f"{name}.js").read_text())
    listed = re.search(r"AHEAD = \[(.*?)\]", (folder / "load.js").read_text(), re.DOTALL)[1]
    assert sorted(re.findall(r'"([\w-]+)"', listed)) == sorted(found)
