"""Run what `make check` runs: lint, types, the browser's modules, and the tests of the core.

mypy keeps one processor busy about as long as everything else takes, so it runs in parallel, and
its output comes last.
"""

import os
import subprocess
import sys

from scripts.server import ROOT

LINT = (["ruff", "check"], ["ruff", "format", "--check"])
TYPES = ["mypy"]
# The tests that start neither a server nor a browser, except those that take seconds each.
UNITS = (
    *("tests/functional", "tests/kernels", "tests/images", "tests/experiments", "tests/nn"),
    *("tests/test_imports.py", "tests/test_architecture.py"),
    *("tests/test_public_names.py", "tests/test_types.py", "tests/test_faults.py"),
    *("cnnviz", "-m", "not slow"),
)
TESTS = (["scripts.js_check"], ["pytest", "--numprocesses", "2", *UNITS])
QUICK = {**os.environ, "HYPOTHESIS_PROFILE": "quick"}


def command(words: list[str]) -> list[str]:
    """Return the command that runs a Python module, and print it."""
    print("python -m", *words, flush=True)
    return [sys.executable, "-m", *words]


def main() -> int:
    """Run everything, but stop if the lint fails; return 1 if something failed."""
    for words in LINT:
        if subprocess.run(command(words), cwd=ROOT, check=False).returncode:
            return 1
    types = subprocess.Popen(command(TYPES), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    runs = [subprocess.run(command(words), cwd=ROOT, env=QUICK, check=False) for words in TESTS]
    said, _ = types.communicate()
    print(said, end="")
    return int(any(run.returncode for run in (*runs, types)))


if __name__ == "__main__":
    sys.exit(main())
