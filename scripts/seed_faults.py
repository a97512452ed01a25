"""Seed faults into a copy of the tree, one at a time, and say which of them the tests find.

A fault is four lines of tests/faults.txt: a file, a text that occurs in it once, its replacement,
and the tests that should fail. Faults are separated by lines of dashes. To see what a faster suite
is worth, run this over it and over the previous one:

    python -m scripts.seed_faults --only colour
    python -m scripts.seed_faults --root ../before
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from scripts.server import ROOT

LIST = Path("tests") / "faults.txt"
BETWEEN = "----\n"
QUICK = {**os.environ, "HYPOTHESIS_PROFILE": "quick"}


class Fault(NamedTuple):
    """A text in a file, its replacement, and the tests that have to notice the change."""

    file: str
    right: str
    wrong: str
    tests: str


def faults(text: str) -> list[Fault]:
    """Return the faults in a list."""
    return [Fault(*entry.rstrip("\n").split("\n")) for entry in text.split(BETWEEN)]


def is_found(fault: Fault, tree: Path) -> bool:
    """Put a fault into a tree, run its tests, and remove it again; say whether a test failed."""
    path = tree / fault.file
    before = path.read_text()
    if before.count(fault.right) != 1:
        raise ValueError(
            f"“{fault.right}” occurs {before.count(fault.right)} times in {fault.file}."
        )
    path.write_text(before.replace(fault.right, fault.wrong))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    try:
        asked = [*command, *fault.tests.split()]
        ended = subprocess.run(asked, cwd=tree, env=QUICK, capture_output=True, check=False)
    finally:
        path.write_text(before)
    if ended.returncode not in (0, 1):
        raise RuntimeError(ended.stdout.decode() + ended.stderr.decode())
    return ended.returncode == 1


def main() -> None:
    """Print a line for each fault, as soon as its tests have run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout to try")
    parser.add_argument("--only", default="", help="a part of the names of files")
    asked = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        leave = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", "node_modules")
        tree = Path(shutil.copytree(asked.root, Path(folder) / "tree", ignore=leave))
        for fault in faults((ROOT / LIST).read_text()):
            if asked.only not in fault.file:
                continue
            start = time.monotonic()
            found.append(is_found(fault, tree))
            said = "found " if found[-1] else "MISSED"
            print(
                f"{said} {time.monotonic() - start:5.0f} s  {fault.file}: {fault.wrong}", flush=True
            )
    print(f"{sum(found)} of {len(found)} were found.")
    sys.exit(not all(found))


if __name__ == "__main__":
    main()
