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
