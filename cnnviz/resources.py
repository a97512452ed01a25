"""Where the files lie that travel with the code: pages, pictures, weights, browser modules.

In a checkout they stand at its top, beside this package; a wheel carries them inside, in `site/`.
"""

from pathlib import Path

__all__ = ["ASSETS", "ROOT", "STATIC"]

_IN_A_WHEEL = Path(__file__).with_name("site")
ROOT = _IN_A_WHEEL if _IN_A_WHEEL.is_dir() else Path(__file__).parents[1]
ASSETS = ROOT / "assets"
STATIC = ROOT / "static"
