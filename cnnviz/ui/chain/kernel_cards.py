"""Every kernel applied to the picture: as a gallery, and as a strip to choose from."""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.chain import Recipe, feature_maps
from cnnviz.functional.dtypes import floats
from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import sample_picture
from cnnviz.kernels import Kernel
from cnnviz.ui.maps.gallery import Card, chosen, gallery, message
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.kernel_picker import (
    FAMILY,
    NAMES,
    OWN,
    TITLES,
    KernelPicker,
    catalogue_kernel,
)

GALLERY_SIZE = working_picture.SIZE.default  # pixels; as on the Kernels page, so that figures agree
STRIP_SIZE = 128
STRIP_LONGEST = 56  # cells per side of a map in the strip
QUICK = ("sobel_x", "sobel_y", "laplacian_4", "gaussian")  # always in the strip
KEPT = 4  # samples whose cards are cached, 0.8 MB each: a class tends to look at the same few


def alone(kernel: Kernel) -> Recipe:
    """Return the recipe of a convolution with that kernel and nothing else."""
    return Recipe(kernel, activation="none", pooling="none")


def cards(pixels: NDArray[np.uint8], side: int = GALLERY_SIZE) -> Iterator[Card]:
    """Yield all kernels applied to the grey picture, with sides up to `side`, by family."""
    plane = floats(grey(fit(pixels, side)))
    for name, kernel in _in_order():
        features = feature_maps(plane, alone(kernel)).features
        yield Card(name, TITLES[name], FAMILY[name], kernel, features, kernel.description)


def gallery_of_picture(gallery: str) -> Packed:
    """Return the cards of the current picture; those of a user's own photo stay in the session."""
    return _of_picture(gallery, _gallery, _gallery_of_sample)


def strip_of_picture(strip: str) -> Packed:
    """Return the same cards at the size of the strip."""
    return _of_picture(strip, _strip, _strip_of_sample)


def strip(picker: KernelPicker) -> None:
    """Draw a strip of small maps to choose a kernel from, one of them the user's own."""
    name = f"{picker.page}:strip"
    chosen(name, picker.chosen, many=picker.many, strip=QUICK, extra=OWN)
    gallery(name, strip_of_picture(name))


def _of_picture(
    name: str,
    of_photo: Callable[[NDArray[np.uint8], str], Packed],
    of_sample: Callable[[str, str], Packed],
) -> Packed:
    if working_picture.PHOTO.value:
        pixels = working_picture.picture().pixels
        return working_picture.made_once(name, lambda: of_photo(pixels, name))
    return of_sample(working_picture.SAMPLE.value, name)


@lru_cache(maxsize=KEPT)
def _gallery_of_sample(sample: str, gallery: str) -> Packed:
    """Return the gallery of a sample picture, computed once for all sessions."""
    return _gallery(sample_picture(sample).pixels, gallery)


@lru_cache(maxsize=16)  # 70 kB each
def _strip_of_sample(sample: str, strip: str) -> Packed:
    return _strip(sample_picture(sample).pixels, strip)


def _gallery(pixels: NDArray[np.uint8], gallery: str) -> Packed:
    return message(gallery, list(cards(pixels)))


def _strip(pixels: NDArray[np.uint8], strip: str) -> Packed:
    return message(strip, list(cards(pixels, STRIP_SIZE)), longest=STRIP_LONGEST, ranges=False)


@cache
def _in_order() -> list[tuple[str, Kernel]]:
    """Return the kernels grouped by family, in the order of the families."""
    families = list(dict.fromkeys(FAMILY[name] for name in NAMES))
    ordered = sorted(NAMES, key=lambda name: families.index(FAMILY[name]))
    return [(name, catalogue_kernel(name)) for name in ordered]
