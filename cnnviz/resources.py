"""Where to find the files that ship with the code: pages, pictures, weights, browser modules.

In a checkout they are at the top level, beside this package; in a wheel, inside it, in `site/`.
"""

from pathlib import Path

__all__ = ["ASSETS", "ROOT", "STATIC"]

_IN_A_WHEEL = Path(__file__).with_name("site")
ROOT = _IN_A_WHEEL if _IN_A_WHEEL.is_dir() else Path(__file__).parents[1]
ASSETS = ROOT / "assets"
STATIC = ROOT / "static"
