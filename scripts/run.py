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

from server import ROOT, wake  # beside this file


def main() -> int:
    """Run the server until it ends; return its exit code."""
    parser = argparse.ArgumentParser(description="Start cnnviz.")
    parser.add_argument("--port", type=int, default=8501)
    asked, rest = parser.parse_known_args()
    if is_taken(asked.port):
        print(f"Port {asked.port} is taken: stop what runs there, or choose another with --port.")
        return 1
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", f"--server.port={asked.port}"]
    # Whoever ends this program ends the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = subprocess.Popen([*command, *rest], cwd=ROOT)
    try:
        wake(server, f"http://localhost:{asked.port}/_stcore/script-health-check")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def is_taken(port: int) -> bool:
    """Return whether something listens on that port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0


if __name__ == "__main__":
    sys.exit(main())
