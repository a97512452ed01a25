"""The wheel, built and installed outside the checkout: `cnnviz` opens the Lab with maps."""

import os
import signal
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cnnviz.cli import wake
from scripts.browser import chromium
from scripts.server import ROOT, free_port
from tests.images.pictures import FILES

# What the test environment can import must not hide what the wheel lacks.
AWAY = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def build(folder, *what, of=ROOT):
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), *what]
    subprocess.run(command, cwd=of, check=True, capture_output=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build(folder, "-t", "wheel")
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the program of an environment with the wheel and this environment's packages.

    The environment borrows the packages it needs from this one, which has no cnnviz of its own.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True, cwd=folder)
    (own,) = (folder / "lib").glob("python*/site-packages")
    (own / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "cnnviz"


def files(*names):
    """Return the files of these names, and all below them; a downloaded archive has no Git."""
    paths = [path for name in names for path in (ROOT / name, *(ROOT / name).rglob("*"))]
    kept = [path for path in paths if path.is_file() and path.parent.name != "__pycache__"]
    return {path.relative_to(ROOT).as_posix() for path in kept}


def members(file):
    with zipfile.ZipFile(file) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_carries_all_that_the_app_needs(wheel):
    carried = members(wheel)
    beside = files("app.py", "asgi.py", "pages", "assets", "static", ".streamlit")
    assert len(beside) > 100
    assert {f"cnnviz/site/{name}" for name in beside} <= carried
    assert files("cnnviz") <= carried  # with style sheets and sheets of tasks
    assert "cnnviz/py.typed" in carried
    assert not {name for name in carried if name.startswith(("tests", "benchmarks", "scripts"))}


def test_the_wheel_of_the_sdist_is_the_same(wheel, tmp_path):
    build(tmp_path, "-t", "sdist")
    (archive,) = tmp_path.glob("*.tar.gz")
    subprocess.run(["tar", "xf", archive], cwd=tmp_path, check=True)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    build(tmp_path / "again", "-t", "wheel", of=folder)
    (again,) = (tmp_path / "again").glob("*.whl")
    assert members(again) == members(wheel)


def test_the_version_is_that_of_the_project(installed, tmp_path):
    said = subprocess.run(
        [installed, "--version"], cwd=tmp_path, env=AWAY, capture_output=True, text=True, check=True
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert said.stdout == f"cnnviz {project['version']}\n"


@pytest.mark.parametrize("photo", [None, "holiday.png"])
def test_the_program_opens_the_lab_in_an_empty_folder(request, installed, tmp_path, photo):
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    if photo:
        (tmp_path / photo).write_bytes(FILES["PNG"])
    port = free_port()
    command = [installed, *filter(None, [photo]), f"--port={port}", "--server.headless=true"]
    process = subprocess.Popen(command, cwd=tmp_path, env=AWAY, stdout=subprocess.PIPE)
    try:
        wake(process, f"http://127.0.0.1:{port}/_stcore/health")
        assert process.stdout.readline() == f"cnnviz is at http://127.0.0.1:{port}\n".encode()
        with chromium() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            page.locator("canvas").nth(3).wait_for()
            page.get_by_text("20 × 24" if photo else "256 × 256").first.wait_for()
            assert urlsplit(page.url).port == port
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert sorted(path.name for path in tmp_path.iterdir()) == ([photo] if photo else [])


def test_a_photo_that_cannot_be_read_is_said_in_one_sentence(installed, tmp_path):
    (tmp_path / "letter.txt").write_text("I am no picture")
    for name, words in {"letter.txt": "not a picture", "gone.jpg": "cannot be opened"}.items():
        done = subprocess.run(
            [installed, name], cwd=tmp_path, env=AWAY, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_importing_the_package_brings_no_screen(installed, tmp_path):
    python = Path(installed).with_name("python")
    code = "import sys, cnnviz; print({'streamlit', 'plotly', 'pandas'} & set(sys.modules))"
    done = subprocess.run(
        [python, "-c", code], cwd=tmp_path, env=AWAY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
