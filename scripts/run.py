"""Start the app from a checkout: `python scripts/run.py [--port N] [anything for streamlit run]`.

First checks that everything the app needs is installed; the rest is the program `cnnviz`.
"""

import argparse
import sys

from checks import ROOT, what_is_missing  # beside this file


def main() -> int:
    """Run the server until it ends; return its exit code."""
    parser = argparse.ArgumentParser(description="Start cnnviz.")
    parser.add_argument("--port", "--server.port", dest="port", type=int, default=8501)
    parser.add_argument("--server.address", default="0.0.0.0", dest="address")
    asked, rest = parser.parse_known_args()
    if sentence := what_is_missing():
        print(sentence, file=sys.stderr)
        return 1
    sys.path.insert(0, str(ROOT))
    from cnnviz.cli import serve  # needs the right Python and its packages

    # This program does not know whether make started it.
    return serve(asked.address, asked.port, rest, port_by="--port, or with PORT= in make run")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # Ctrl+C, while modules are imported too
        sys.exit(0)
