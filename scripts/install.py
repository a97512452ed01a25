"""Install a program that tests need, where there is none."""

import os
import shutil
import subprocess
import sys


def install(package: str) -> bool:
    """Install Debian's package, or Homebrew's of that name; say whether it worked."""
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    apt_get = (*sudo, "apt-get", "-qq")
    if shutil.which("apt-get"):
        return run(*apt_get, "update") and run(*apt_get, "install", "-y", package)
    return run("brew", "install", package)


def run(*command: str) -> bool:
    """Run a command and say whether it worked."""
    if shutil.which(command[0]) is None:
        return False
    print(*command, file=sys.stderr)
    unasked = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=unasked, check=False).returncode == 0
