"""The program `cnnviz`: start the app on this machine, with or without a photo in the Lab.

    cnnviz
    cnnviz photo.jpg --port 8600
    cnnviz --host 0.0.0.0        # for others in the same network

Streamlit learns the pages when the app first runs; until then, a link to any page but the first
gives "page not found". So the health check runs the app once, as soon as the server answers.
"""

import argparse
import errno
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from urllib.request import urlopen

from cnnviz.resources import ROOT

__all__ = ["main", "serve", "unusable_host", "unusable_port", "wake"]

REFUSED = 78  # exit code of a server that has reported an invalid setting
PATIENCE = 60  # seconds the app has to answer
EVERYWHERE = "0.0.0.0"
OPEN = EVERYWHERE, "::"  # in both versions of addresses
PICTURE = "CNNVIZ_PICTURE"  # environment variable: the photo in every new session


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the app and wait until it ends; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="cnnviz",
        description="See what a convolutional network does to a picture.",
        epilog="All other options, written --name=value, are passed on to `streamlit run`.",
    )
    parser.add_argument("picture", nargs="?", type=Path, help="a photo to open the Lab with")
    parser.add_argument(
        "--port",
        "--server.port",
        dest="port",
        metavar="PORT",
        type=int,
        default=8501,
        help="the port to listen on; 8501 by default",
    )
    parser.add_argument(
        "--host",
        "--server.address",
        dest="host",
        metavar="HOST",
        default="127.0.0.1",
        help="the address to listen on: 127.0.0.1 (the default) for this machine alone, 0.0.0.0 "
        "for others in its network too",
    )
    parser.add_argument("--version", action="version", version=f"cnnviz {version()}")
    asked, options = parser.parse_known_args(arguments)
    try:
        if reason := unexpected(options) or unreadable(asked.picture):
            print(reason, file=sys.stderr)
            return 1
        return serve(asked.host, asked.port, options, asked.picture)
    except KeyboardInterrupt:
        return 0


def version() -> str:
    """Return the version; a checkout run with `python -m cnnviz` has none."""
    try:
        return metadata.version("cnnviz")
    except metadata.PackageNotFoundError:
        return "(a checkout, not installed)"


def unexpected(options: Sequence[str]) -> str | None:
    """Say which argument is not an option, such as a second photo or a value without its "="."""
    for word in options:
        if not word.startswith("-"):
            return f"{word} is a second photo, or the value of an option without its “=”."
    return None


def unreadable(picture: Path | None) -> str | None:
    """Say why a photo cannot be opened."""
    if picture is None:
        return None
    from cnnviz.images.loading import PictureError, load_picture  # imports numpy: only if needed

    try:
        load_picture(picture)  # reads no more than the largest allowed picture
    except OSError as error:
        return f"{picture} cannot be opened: {error.strerror}."
    except PictureError as error:
        return f"{picture}: {error}"
    return None


def unusable_port(port: int, by: str = "--port") -> str | None:
    """Say why a port is taken, forbidden or invalid, and how to choose another."""
    if not 0 < port < 65536:
        return f"{port} is not a port: choose one from 1024 to 65535 with {by}."
    with socket.socket() as probe:
        taken = probe.connect_ex(("localhost", port)) == 0
    try:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("", port))
    except PermissionError:
        return f"Port {port} needs administrator rights: choose one above 1023 with {by}."
    except OSError as error:
        taken = taken or error.errno == errno.EADDRINUSE
    if not taken:
        return None
    return f"Port {port} is taken: stop the program that uses it, or choose another with {by}."


def unusable_host(host: str) -> str | None:
    """Say why the server cannot listen on a host: it is not an address of this machine."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        try:
            listener.bind((host, 0))
        except (OSError, UnicodeError):  # an unknown name, or one that is too long
            return f"{host} is not an address of this machine: {EVERYWHERE} stands for all of them."
    return None


def serve(
    host: str,
    port: int,
    options: Sequence[str] = (),
    picture: Path | None = None,
    *,
    port_by: str = "--port",
) -> int:
    """Run the server until it ends; return its exit code, 1 if it cannot start.

    `port_by` is what the user types to choose another port. Ctrl+C ends the server too.
    """
    if reason := unusable_host(host) or unusable_port(port, port_by):
        print(reason, file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", f"--server.port={port}"]
    command.append(f"--server.address={host}")
    environment = dict(os.environ)
    if picture is not None:
        environment[PICTURE] = str(picture.resolve())
    # Ending this program ends the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # So the server need not receive Ctrl+C: it would print "Aborted!" or, while starting, a
    # traceback.
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = subprocess.Popen([*command, *options], cwd=ROOT, env=environment)
    signal.signal(signal.SIGINT, heard)
    try:
        address = app_address("localhost" if host in OPEN else host, port, options)
        wake(server, f"{address}/_stcore/script-health-check")
        print(f"cnnviz is at {address}", flush=True)
        if host in OPEN:
            address = app_address(own_address(), port, options)
            print(f"For others in this network: {address}", flush=True)
        return server.wait()
    except RuntimeError as error:
        if server.poll() != REFUSED:
            print(error, file=sys.stderr)
        return 1
    finally:
        server.terminate()
        server.wait()


def app_address(host: str, port: int, options: Sequence[str]) -> str:
    """Return the app's address on a host, with the base path and scheme that Streamlit is set to.

    >>> app_address("localhost", 8501, ["--server.baseUrlPath=cnn", "--server.sslCertFile=a.pem"])
    'https://localhost:8501/cnn'
    """
    of_server = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for name, variable in (
        ("baseUrlPath", "STREAMLIT_SERVER_BASE_URL_PATH"),
        ("sslCertFile", "STREAMLIT_SERVER_SSL_CERT_FILE"),
    ):
        known = os.environ.get(variable, "")
        of_server.add_argument(f"--server.{name}", dest=name, default=known)
    asked, _ = of_server.parse_known_args(options)
    scheme = "https" if asked.sslCertFile else "http"
    return f"{scheme}://{in_address(host)}:{port}/{asked.baseUrlPath.strip('/')}".rstrip("/")


def in_address(host: str) -> str:
    """Return a host as it is written in an address: IPv6 in brackets.

    >>> in_address("localhost"), in_address("::1")
    ('localhost', '[::1]')
    """
    return f"[{host}]" if ":" in host else host


def wake(process: subprocess.Popen[bytes], address: str) -> None:
    """Return once the address answers; raise RuntimeError if it never does."""
    # Nothing secret is sent, and a certificate is for the public name, not for localhost.
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=PATIENCE, context=trusting):
                return
        except OSError:  # not listening yet, or shutting down
            time.sleep(0.05)
    if process.poll() is not None:
        raise RuntimeError("The server ended before it answered; its output may say why.")
    raise RuntimeError(f"The server did not answer at {address} within {PATIENCE} s.")


def own_address() -> str:
    """Return this machine's address in its network."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation; nothing is sent
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]
