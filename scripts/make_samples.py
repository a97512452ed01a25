"""Copy the sample photos out of scikit-image into assets/samples.

Needs scikit-image, which is not a dependency of the app; a throw-away environment will do:

    python -m venv samples-env && samples-env/bin/pip install scikit-image==0.26.0
    samples-env/bin/python scripts/make_samples.py

The files are lossless, because the blocks of a lossy format show in every edge map.
"""

from pathlib import Path

import skimage
from PIL import Image

LONGEST_SIDE = 512
SOURCES = {
    "astronaut": "astronaut.png",
    "camera": "camera.png",
    "cat": "chelsea.png",
    "coffee": "coffee.png",
    "coins": "coins.png",
    "brick": "brick.png",
    "text": "text.png",
    "gravel": "gravel.png",
}


def main() -> None:
    """Write one WebP file for each photo, and print its size."""
    source = Path(skimage.__file__).parent / "data"
    target = Path(__file__).parents[1] / "assets" / "samples"
    for name, file in SOURCES.items():
        with Image.open(source / file) as image:
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            path = target / f"{name}.webp"
            image.save(path, lossless=True, method=6)
        print(f"{path.name:16}{image.width:4} × {image.height:<4}{path.stat().st_size:8,} bytes")


if __name__ == "__main__":
    main()
