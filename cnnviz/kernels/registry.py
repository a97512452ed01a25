"""The parametric kernels with their sliders: this table is all an interface needs."""

from collections.abc import Callable
from dataclasses import dataclass

from cnnviz.functional.hyperparameter import Hyperparameter
from cnnviz.kernels.kernel import Kernel
from cnnviz.kernels.makers import (
    MAX_SIDE,
    box,
    emboss,
    gabor,
    gaussian,
    laplacian_of_gaussian,
    motion,
    oriented_edge,
    sharpen,
    unsharp,
)


@dataclass(frozen=True)
class Maker:
    """A function that makes kernels, with all an interface needs to call it."""

    name: str
    title: str
    family: str
    parameters: tuple[Hyperparameter, ...]
    make: Callable[..., Kernel]


def _odd_size(default: int, low: int = 3) -> Hyperparameter:
    return Hyperparameter("size", "Size", default, low, MAX_SIDE, 2, "px")


def _width(default: float, low: float = 0.3) -> Hyperparameter:
    return Hyperparameter("sigma", "σ", default, low, 5.0, 0.1, "px")


def _angle(default: float) -> Hyperparameter:
    return Hyperparameter("angle", "Angle", default, 0.0, 355.0, 5.0, "°")


_AMOUNT = Hyperparameter("amount", "Amount", 1.0, 0.0, 5.0, 0.1)

MAKERS: dict[str, Maker] = {
    maker.name: maker
    for maker in (
        Maker("oriented_edge", "Oriented edge (angle)", "edge", (_angle(0.0),), oriented_edge),
        Maker(
            "laplacian_of_gaussian",
            "Laplacian of Gaussian",
            "edge",
            (_odd_size(9), _width(1.4)),
            laplacian_of_gaussian,
        ),
        Maker(
            "gabor",
            "Gabor",
            "edge",
            (
                _odd_size(11),
                _angle(0.0),
                Hyperparameter("wavelength", "Wavelength", 6.0, 3.0, 15.0, 0.5, "px"),
                _width(2.5, low=0.5),
                Hyperparameter("phase", "Phase", 0.0, 0.0, 355.0, 5.0, "°"),
            ),
            gabor,
        ),
        Maker(
            "box",
            "Box (size)",
            "blur",
            (Hyperparameter("size", "Size", 3, 1, MAX_SIDE, 1, "px"),),
            box,
        ),
        Maker("gaussian", "Gaussian", "blur", (_odd_size(5, low=1), _width(1.0)), gaussian),
        Maker("motion", "Motion", "blur", (_odd_size(5), _angle(45.0)), motion),
        Maker("sharpen", "Sharpen", "sharpen", (_AMOUNT,), sharpen),
        Maker("unsharp", "Unsharp mask", "sharpen", (_odd_size(5), _width(1.0), _AMOUNT), unsharp),
        Maker(
            "emboss",
            "Emboss",
            "emboss",
            (_angle(45.0), Hyperparameter("depth", "Depth", 1.0, 0.0, 5.0, 0.1)),
            emboss,
        ),
    )
}
