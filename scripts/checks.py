"""What the app needs before it can start; each check returns one sentence, or nothing.

It may run under any Python, so it uses only what every Python 3 since 3.8 has.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ((3, 11), (3, 14))
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^ ;\\]+)( ;)?")
NEEDED = ("app.py", "asgi.py", "pages", "static/components", "assets/samples", "assets/models")


def what_is_missing() -> str | None:
    """Return the first reason why the app cannot start."""
    return wrong_python() or missing_files() or wrong_packages()


def wrong_python() -> str | None:
    """Complain about a Python that is too old or too new."""
    first, last = PYTHONS
    if first <= sys.version_info[:2] <= last:
        return None
    names = [f"{major}.{minor}" for major, minor in (first, last, sys.version_info[:2])]
    return "cnnviz runs on Python {} to {}, but this is {}.".format(*names)


def missing_files() -> str | None:
    """Complain about missing or empty folders."""
    gone = [name for name in NEEDED if not _is_there(ROOT / name)]
    if not gone:
        return None
    return f"{', '.join(gone)} cannot be found in {ROOT}: get all files of cnnviz again."


def wrong_packages() -> str | None:
    """Complain about missing packages, and about pinned packages in another version.

    Their own requirements must be installed too, in any version.
    """
    ours = _pins("requirements.in")
    wrong = []
    for name, (version, optional) in _pins("requirements.txt").items():
        try:
            present = metadata.version(name)
        except metadata.PackageNotFoundError:
            if not optional:
                wrong.append(f"{name} is missing")
        else:
            if name in ours and present != version:
                wrong.append(f"{name} is {present} instead of {version}")
    if not wrong:
        return None
    words = ["-m", "pip", "install", "--require-hashes", "-r", str(ROOT / "requirements.txt")]
    joined = subprocess.list2cmdline if sys.platform == "win32" else shlex.join
    command = joined([sys.executable, *words])
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return f"{', '.join(wrong[:3])}{more}: run `{command}` first."


def _is_there(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _pins(file: str) -> dict[str, tuple[str, bool]]:
    """Return, by name, each version pinned in a file, and whether it is only for some systems."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pins = [match for match in map(PIN.match, lines) if match]
    return {match[1]: (match[2], bool(match[3])) for match in pins}
