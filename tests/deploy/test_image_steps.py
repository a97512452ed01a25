import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import pytest

from scripts.docker_image import DOCKERFILE, ROOT, Image, steps, wait
from scripts.server import free_port

TEXT = DOCKERFILE.read_text(encoding="utf-8")
IGNORED = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def image():
    """Return the image, with the packages of this environment because tests have no network."""
    with TemporaryDirectory() as folder:  # ordinary users cannot read pytest's folders
        made = Image(Path(folder), packages=Path(sys.prefix))
        made.build(TEXT)
        yield made
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def test_instructions_are_read_with_their_lines_joined():
    assert steps("FROM a\n# why\n\nRUN b \\\n    c\n") == [("FROM", "a"), ("RUN", "b c")]


def test_an_instruction_without_a_meaning_here_is_no_step(tmp_path):
    with pytest.raises(ValueError, match="ADD"):
        Image(tmp_path, packages=Path(sys.prefix)).build("ADD a b\n")


def test_packages_are_installed_by_their_hashes_alone():
    (install,) = [rest for word, rest in steps(TEXT) if word == "RUN" and " install " in rest]
    assert install.count(" install ") == 1
    assert " pip install --quiet --require-hashes -r requirements.txt " in install


def test_the_image_runs_without_rights(image):
    assert image.user == "10001:10001"
    who = ["python", "-c", "import os; assert os.geteuid() != 0; open('x', 'w')"]
    with pytest.raises(subprocess.CalledProcessError):
        image.run(who)
    image.run([*who[:2], "import os; assert os.geteuid() != 0"])


def test_the_image_holds_the_app_and_nothing_else(image):
    names = {path.name for path in image.app.iterdir()} - {"__pycache__"}
    assert names == {line[1:] for line in IGNORED if line.startswith("!")}
    assert "**/__pycache__" in IGNORED
    assert {"tests", "benchmarks", ".git"}.isdisjoint(names)
    assert all((ROOT / name).exists() for name in names)


def test_the_answer_of_another_program_is_not_taken_for_the_images_health(image, monkeypatch):
    monkeypatch.setattr(image, "is_healthy", lambda port: True)
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        with pytest.raises(RuntimeError, match="has ended"):
            wait(image, process, free_port())


def test_the_image_starts_in_a_folder_that_cannot_be_written_and_is_healthy(image):
    port = free_port()
    assert not image.is_healthy(port)
    process = image.start(f"--port={port}")
    try:
        wait(image, process, port)
        with urlopen(f"http://127.0.0.1:{port}/_stcore/script-health-check") as answer:
            assert answer.read() == b"ok"
    finally:
        process.terminate()
        process.wait(timeout=30)
