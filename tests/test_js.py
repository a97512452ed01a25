import re
import subprocess
from pathlib import Path

import playwright
import pytest

from scripts.js_check import TYPESCRIPT

ROOT = Path(__file__).parents[1]
NODE = Path(playwright.__file__).parent / "driver" / "node"  # Playwright ships its own


@pytest.mark.parametrize(
    "file",
    sorted((ROOT / "tests" / "js").rglob("*.test.mjs")),
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_the_modules_of_the_browser_pass_their_tests(file):
    # With --test, Node would start a second one that does no more than wait for it.
    run = subprocess.run([NODE, file], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_import_of_a_module_names_a_file():
    folder = ROOT / "static" / "components"
    modules = sorted(folder.rglob("*.js"))
    imports = [
        (module, named)
        for module in modules
        for named in re.findall(r'^(?:import|\}) .*from "(.*)"$', module.read_text(), re.MULTILINE)
    ]
    assert len(imports) > len(modules)
    missing = [
        (module, named) for module, named in imports if not (module.parent / named).is_file()
    ]
    assert missing == []


@pytest.mark.skipif(not TYPESCRIPT.exists(), reason="npm ci --prefix scripts/typescript")
def test_the_types_of_the_modules_hold():
    command = [NODE, TYPESCRIPT, "-p", "jsconfig.json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_an_editor_checks_the_types_of_every_module():
    modules = (ROOT / "static" / "components").rglob("*.js")
    unchecked = [str(module) for module in modules if "// @ts-check" not in module.read_text()[:20]]
    assert unchecked == []
