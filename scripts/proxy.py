"""nginx in front of several replicas of the app, as in deploy/, for the tests and benchmarks.

`python -m scripts.proxy` prints the path of nginx, and installs it first if there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from cnnviz.cli import wake
from scripts.install import install, missing
from scripts.server import ROOT, free_port

CONFIGURATION = ROOT / "deploy" / "nginx"
REPLICAS = "replicas.conf"
LISTEN = "listen 8080;"
MISSING = missing("nginx", "nginx-light", "NGINX")


def find_nginx() -> str | None:
    """Return the path of $NGINX, or of nginx in its usual places."""
    if named := os.environ.get("NGINX"):
        return shutil.which(named)
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def replicas(addresses: Sequence[str]) -> str:
    """Return replicas.conf for the addresses of app-1, app-2 and so on, as "127.0.0.1:8501"."""
    head, _, _ = (CONFIGURATION / REPLICAS).read_text(encoding="utf-8").partition("upstream")
    lines = [f"    server {address} max_fails=1 fail_timeout=5s;" for address in addresses]
    shared = ["    zone any 64k;", "    least_conn;"]
    lines = [head + "upstream any {", *shared, *lines, "    keepalive 32;", "}"]
    for number, address in enumerate(addresses, 1):
        lines.append(f"upstream app-{number} {{ server {address}; keepalive 32; }}")
    return "\n".join(lines) + "\n"


@contextmanager
def proxy(addresses: Sequence[str], log: IO[str] | None = None) -> Iterator[str]:
    """Run nginx on a free port in front of the replicas; yield its address. It writes to `log`."""
    nginx = find_nginx()
    if nginx is None:
        raise RuntimeError(MISSING)
    place = f"127.0.0.1:{free_port()}"
    address = f"http://{place}"
    with TemporaryDirectory() as folder:
        for file in CONFIGURATION.glob("*.conf"):
            text = file.read_text(encoding="utf-8").replace(LISTEN, f"listen {place};")
            Path(folder, file.name).write_text(text, encoding="utf-8")
        Path(folder, REPLICAS).write_text(replicas(addresses), encoding="utf-8")
        settings = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        command = [
            nginx,
            "-e",
            "stderr",
            "-p",
            folder,
            "-c",
            f"{folder}/nginx.conf",
            "-g",
            settings,
        ]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wake(process, f"{address}/_stcore/health")
            yield address
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    """Print the path of nginx."""
    if find_nginx() is None and "NGINX" not in os.environ:
        install("nginx-light" if shutil.which("apt-get") else "nginx")
    sys.exit(MISSING) if (path := find_nginx()) is None else print(path)


if __name__ == "__main__":
    main()
