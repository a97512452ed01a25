"""Install a program that tests need, if there is none.

`python -m scripts.install` installs the Debian packages of all of them at once. It needs nothing
but Python, so it can run beside pip.
"""

import os
import shutil
import subprocess
import sys

# The same engine without windows opens a page with a quarter less work, but without a camera.
SHELL = "chromium-headless-shell"
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Debian packages, the programs of which any one will do, and a variable that names another.
PACKAGES = (
    (("chromium", SHELL), BROWSERS, "CHROMIUM"),
    (("nginx-light",), ("nginx", "/usr/sbin/nginx"), "NGINX"),
    (("redis-server",), ("redis-server",), "REDIS"),
)


def install(*packages: str) -> bool:
    """Install Debian or Homebrew packages of these names; say whether it worked."""
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


def missing(program: str, package: str, variable: str) -> str:
    """Say how to get a program that `make test` could not install, or was not asked to."""
    return (
        f"There is no {program}: install it (on Debian: sudo apt-get install {package}), which "
        f"`make test` does if no password is asked for, or name one in {variable}."
    )


def main() -> None:
    """Install the missing Debian packages; the program that needs a failed one tries again."""
    absent = [
        package
        for packages, programs, variable in PACKAGES
        if variable not in os.environ and not any(map(shutil.which, programs))
        for package in packages
    ]
    if absent and shutil.which("apt-get"):
        install(*absent)


if __name__ == "__main__":
    main()
