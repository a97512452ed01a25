"""Where the files lie that travel with the code: pictures, trained weights, browser modules."""

from pathlib import Path

__all__ = ["ASSETS", "ROOT", "STATIC"]

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "assets"
STATIC = ROOT / "static"
