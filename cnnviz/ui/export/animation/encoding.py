"""Encode a film as a GIF, within a size limit that is checked beforehand."""

import io
from collections.abc import Callable, Iterator

from PIL import Image

from cnnviz.ui.export.animation.film import AT_THE_END, Film
from cnnviz.ui.export.animation.scene import FULL, PAINTS, Scene

WIDTHS = FULL, 720, 480  # widths in pixels; the next one is used if a film would be too large
MOST_BYTES = 4 * 2**20


def gif(
    film: Film, theme: str = "light", told: Callable[[float], None] = lambda share: None
) -> bytes:
    """Return a film as a GIF of at most `MOST_BYTES`; `told` gets the progress, from 0 to 1.

    Raises
    ------
    ValueError
        If it would be too large even at the smallest width.
    """
    for width in WIDTHS:
        scene = Scene(film, width, PAINTS[theme])
        made = _encoded(film, scene, told)
        if len(made) <= MOST_BYTES:
            return made
    raise ValueError(f"The animation would be larger than {MOST_BYTES / 2**20:.0f} MB.")


def _encoded(film: Film, scene: Scene, told: Callable[[float], None]) -> bytes:
    positions = film.positions
    palette = scene.palette()

    def frames() -> Iterator[Image.Image]:
        for index, position in enumerate([*positions, None]):
            told(index / (len(positions) + 1))
            yield scene.frame(position).quantize(palette=palette, dither=Image.Dither.NONE)

    file, made = io.BytesIO(), frames()
    # GIF delays are whole hundredths of a second.
    durations = [10 * round(100 * film.delay)] * len(positions) + [round(1000 * AT_THE_END)]
    next(made).save(
        file, "GIF", save_all=True, append_images=made, duration=durations, loop=0, optimize=False
    )
    told(1.0)
    return file.getvalue()
