"""Start the app as a user does, by the start script."""

import subprocess
import sys

from scripts.server import ROOT

RUN = [sys.executable, "scripts/run.py"]


def start(*options, python=()):
    """Run the start script to its end; return its exit code and everything it printed."""
    command = [RUN[0], *python, *RUN[1:], *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
