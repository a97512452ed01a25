"""deploy/Dockerfile without Docker: its steps one by one, in an empty folder, as an ordinary user.

`python -m scripts.docker_image` installs the packages, starts the result, and waits until the
image's health check passes. A fresh environment takes the place of the base image; at the end the
folder is read-only, like the container's.
"""

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from cnnviz.cli import PATIENCE
from scripts.server import ROOT, free_port

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
USER = 10001
# Root becomes a user who may write only its own files but read everything, since the interpreter
# may be in root's own folder.
ORDINARY = (
    *("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"),
    *(f"--{kind}=-all,+dac_read_search" for kind in ("inh-caps", "ambient-caps", "bounding-set")),
)


def steps(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile, each with its arguments."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in whole.splitlines()]


class Image:
    """The result of the steps so far, in `folder`.

    Raises
    ------
    ValueError
        At an instruction that is not supported here.
    """

    def __init__(self, folder: Path, packages: Path | None = None) -> None:
        """Begin with a bare Python; `packages` is a prefix to use instead of installing them."""
        self.folder = folder
        self.installs = packages is None
        self.prefix = packages or folder / "python"
        self.app = folder / "app"
        self.environment = {"HOME": "/", "LANG": "C.UTF-8"}
        self.environment["PATH"] = f"{self.prefix / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        self.user = self.command = self.health = None
        self.app.mkdir()
        if os.geteuid() == 0:
            os.chown(folder, USER, USER)
            os.chown(self.app, USER, USER)
            folder.chmod(0o755)

    def build(self, text: str) -> None:
        """Go through all steps, and make the folder read-only."""
        if self.installs:
            python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
            self.run([python, "-m", "venv", str(self.prefix)])
        for word, rest in steps(text):
            step = getattr(self, f"_{word.lower()}", None)
            if step is None:
                raise ValueError(f"{word} is not a step that can be taken here")
            step(rest)
        for path in [self.app, *self.app.rglob("*")]:
            path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))

    def run(self, command: list[str]) -> None:
        """Run a command to its end, as the ordinary user."""
        subprocess.run(ordinary(command), cwd=self.app, env=self.environment, check=True)

    def start(self, *options: str) -> subprocess.Popen:
        """Start the command of the image."""
        command = ordinary([*self.command, *options])
        return subprocess.Popen(command, cwd=self.app, env=self.environment)

    def is_healthy(self, port: int) -> bool:
        """Run the health check, on a port other than the image's own."""
        command = [word.replace("8501", str(port)) for word in self.health]
        done = subprocess.run(
            ordinary(command), cwd=self.app, env=self.environment, capture_output=True, check=False
        )
        return done.returncode == 0

    def _from(self, image: str) -> None:
        if not re.fullmatch(r"python:3\.\d+-slim", image):
            raise ValueError(f"{image} is not a Python image")

    def _env(self, words: str) -> None:
        self.environment.update(word.split("=", 1) for word in shlex.split(words))

    def _workdir(self, path: str) -> None:
        if path != "/app":
            raise ValueError(f"{path} is not the folder that represents the image here")

    def _copy(self, words: str) -> None:
        *sources, target = words.split()
        place = self.app / target
        for source in sources:
            path = ROOT / source
            if path.is_dir():
                shutil.copytree(path, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                place.mkdir(exist_ok=True)
                shutil.copy(path, place / path.name)
        if os.geteuid() == 0:
            for path in [place, *place.rglob("*")]:
                os.chown(path, USER, USER)

    def _run(self, command: str) -> None:
        if self.installs or " pip install " not in command:
            self.run(["sh", "-c", command])

    def _user(self, name: str) -> None:
        self.user = name

    def _expose(self, port: str) -> None:
        """Do nothing: outside a container every port is open."""

    def _healthcheck(self, words: str) -> None:
        self.health = json.loads(words.partition(" CMD ")[2])

    def _cmd(self, words: str) -> None:
        self.command = json.loads(words)


def ordinary(command: list[str]) -> list[str]:
    """Return the command, run as a user without privileges."""
    return [*ORDINARY, *command] if os.geteuid() == 0 else command


def wait(image: Image, process: subprocess.Popen, port: int) -> None:
    """Return as soon as the image is healthy; raise RuntimeError if it never is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        healthy = image.is_healthy(port)
        if process.poll() is not None:  # then another program has answered
            raise RuntimeError("The image has ended; its output may say why.")
        if healthy:
            return
        time.sleep(0.2)
    raise RuntimeError("The image started, but was not healthy in time.")


def main() -> None:
    """Build, start and check."""
    with TemporaryDirectory() as folder:
        image = Image(Path(folder))
        image.build(DOCKERFILE.read_text(encoding="utf-8"))
        size = sum(path.lstat().st_size for path in Path(folder).rglob("*")) / 1e6
        print(f"built: {size:.0f} MB on top of the slim image")
        port = free_port()
        process = image.start(f"--port={port}")
        try:
            wait(image, process, port)
            print("healthy")
        finally:
            process.terminate()
            process.wait()
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)


if __name__ == "__main__":
    main()
