import re
import shlex
import shutil
import subprocess
import sys
from importlib import metadata

import pytest

from scripts import checks
from scripts.server import ROOT
from tests.deploy.starting import start

needs_make = pytest.mark.skipif(
    not shutil.which("make"), reason="there is another way without make"
)


def make(*words, folder=ROOT):
    """Run make to its end; return what it printed, without the names of folders."""
    command = ["make", "--no-print-directory", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Return a folder with every file that must exist, which the checks take for the project's."""
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    for name in (*checks.NEEDED, "requirements.in", "requirements.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    return tmp_path


def test_nothing_is_missing_here():
    assert checks.what_is_missing() is None


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 15), (2, 7), (4, 0)])
def test_a_wrong_python_is_named_before_anything_else(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    expected = "cnnviz runs on Python 3.11 to 3.14, but this is {}.{}.".format(*version)
    assert checks.what_is_missing() == expected


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_the_pythons_that_are_promised_are_right(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*version, 9))
    assert checks.wrong_python() is None


def test_the_versions_of_python_are_those_of_the_package():
    promised = 'requires-python = ">={}.{},<{}.{}"'.format(
        *checks.PYTHONS[0], 3, checks.PYTHONS[1][1] + 1
    )
    assert promised in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("name", ["static/components", "pages", "asgi.py"])
def test_a_missing_folder_or_file_is_named(copy, name):
    path = copy / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    sentence = checks.what_is_missing()
    assert sentence.startswith(f"{name} cannot be found in ")


def test_an_empty_folder_is_as_good_as_none(copy):
    shutil.rmtree(copy / "static" / "components")
    (copy / "static" / "components").mkdir()
    assert "static/components cannot be found" in checks.what_is_missing()


def test_a_missing_package_is_named_with_the_command_that_installs_it(copy, monkeypatch):
    genuine = metadata.version

    def version(name):
        if name == "tzdata":  # a package that is never imported by name
            raise metadata.PackageNotFoundError
        return genuine(name)

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(sys, "executable", "/our class/bin/python")
    monkeypatch.setattr(checks, "ROOT", copy.rename(copy.with_name("a copy's")))
    sentence = checks.what_is_missing()
    command = re.fullmatch("tzdata is missing: run `(.+)` first.", sentence)[1]
    assert shlex.split(command) == [
        *("/our class/bin/python", "-m", "pip", "install", "--require-hashes"),
        *("-r", str(checks.ROOT / "requirements.txt")),
    ]


def test_a_package_of_another_version_is_named_with_both(monkeypatch):
    genuine = metadata.version
    others = {"streamlit": "1.2.3", "tzdata": "1.2.3"}
    monkeypatch.setattr(metadata, "version", lambda name: others.get(name) or genuine(name))
    right = genuine("streamlit")
    sentence = checks.what_is_missing()
    assert sentence.startswith(f"streamlit is 1.2.3 instead of {right}: run `")


def test_without_any_package_the_first_three_are_named():
    code, said = start(python=("-S",))
    assert code == 1
    assert re.fullmatch(r"(\S+ is missing, ){2}\S+ is missing and \d+ more: run .*\n", said)


@needs_make
def test_make_passes_another_port_on():
    assert make("--dry-run", "run", "PORT=8600").stdout.endswith("scripts/run.py --port 8600\n")


@needs_make
@pytest.mark.parametrize("state", ["whole", "half made", "of a Python that is gone", "too old"])
def test_make_makes_an_environment_anew_that_cannot_be_used(tmp_path, state):
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    (tmp_path / ".venv" / "app.stamp").touch()
    if state == "of a Python that is gone":
        python.symlink_to("/nonexistent/python3")
    else:
        options = {"whole": "", "half made": "-S", "too old": "-c 'import sys; sys.exit(1)'"}
        python.write_text(f'#!/bin/sh\nexec {sys.executable} {options[state]} "$@"\n')
        python.chmod(0o755)
    said = make("--dry-run", "run", folder=tmp_path).stdout
    assert ("-m venv --clear .venv" in said) == (state != "whole")
    assert (" -r requirements.txt" in said) == (state != "whole")


@needs_make
def test_a_python_that_is_not_there_is_said_by_make(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = make(".venv", "PYTHON=python3.99", folder=tmp_path)
    sentence = "There is no python3.99: name another one, as in make run PYTHON=python3.12"
    assert done.stderr.splitlines()[0] == sentence
    assert done.returncode
    assert not (tmp_path / ".venv").exists()


def test_make_asks_for_the_pythons_that_the_start_script_asks_for():
    first, last = checks.PYTHONS
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"FITS := {first} <= sys.version_info[:2] <= {last}\n" in text
