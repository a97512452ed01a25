"""Start the app: `python scripts/run.py [--port N] [anything for streamlit run]`.

Streamlit knows the pages only once the app has run, and until then a link to any page but the
first is answered with "page not found". So the app is run once, by its health check, as soon as
the server answers.
"""

import argparse
import signal
import socket
import subprocess
import sys

from checks import what_is_missing  # beside this file


def main() -> int:
    """Run the server until it ends; return its exit code."""
    parser = argparse.ArgumentParser(description="Start cnnviz.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--server.address", default="0.0.0.0", dest="address")
    asked, rest = parser.parse_known_args()
    sentence = what_is_missing(asked.port)
    if sentence:
        print(sentence, file=sys.stderr)
        return 1
    return serve(asked.address, asked.port, rest)


def serve(address: str, port: int, options: list) -> int:
    """Run the server on a port that is free; the address 0.0.0.0 stands for all of this machine."""
    from server import ROOT, wake  # needs the right Python

    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", f"--server.port={port}"]
    command.append(f"--server.address={address}")
    here = "localhost" if address == "0.0.0.0" else address
    # Whoever ends this program ends the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = subprocess.Popen([*command, *options], cwd=ROOT)
    try:
        wake(server, f"http://{here}:{port}/_stcore/script-health-check")
        print(f"cnnviz is at http://{here}:{port}", flush=True)
        if address == "0.0.0.0":
            print(f"For others in this network: http://{own_address()}:{port}", flush=True)
        return server.wait()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def own_address() -> str:
    """Return the address of this machine in its network."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nobody's address; nothing is sent
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


if __name__ == "__main__":
    sys.exit(main())
