"""Install a program that tests need, where there is none.

`python -m scripts.install` installs Debian's packages of all of them at once. It needs nothing but
Python, so it can work while pip does.
"""

import os
import shutil
import subprocess
import sys

# Debian's package, the program in it, and the variable that names another one.
PACKAGES = (
    ("chromium", "chromium", "CHROMIUM"),
    ("chromium-headless-shell", "chromium-headless-shell", "CHROMIUM"),
    ("nginx-light", "/usr/sbin/nginx", "NGINX"),
    ("redis-server", "redis-server", "REDIS"),
)


def install(*packages: str) -> bool:
    """Install Debian's packages, or Homebrew's of these names; say whether it worked."""
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    apt_get = (*sudo, "apt-get", "-qq")
    if shutil.which("apt-get"):
        return run(*apt_get, "update") and run(*apt_get, "install", "-y", *packages)
    return run("brew", "install", *packages)


def run(*command: str) -> bool:
    """Run a command and say whether it worked."""
    if shutil.which(command[0]) is None:
        return False
    print(*command, file=sys.stderr)
    unasked = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=unasked, check=False).returncode == 0


def main() -> None:
    """Install what is missing of Debian's packages; what fails is tried again by who needs it."""
    missing = [
        package
        for package, program, variable in PACKAGES
        if variable not in os.environ and shutil.which(program) is None
    ]
    if missing and shutil.which("apt-get"):
        install(*missing)


if __name__ == "__main__":
    main()
