"""Kernels: the catalogue, parametric kernels, edits, analysis, and reading them from text."""

from cnnviz.kernels.analysis import (
    compose,
    frequency_response,
    rank,
    separate,
    strongest_wave,
    weight_sum,
)
from cnnviz.kernels.catalogue import KERNELS
from cnnviz.kernels.edits import flipped, normalised, rotated, scaled, transposed, zero_sum
from cnnviz.kernels.kernel import FAMILIES, Kernel
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
from cnnviz.kernels.registry import MAKERS, Maker
from cnnviz.kernels.text import format_kernel, parse_kernel

__all__ = [
    "FAMILIES",
    "KERNELS",
    "MAKERS",
    "MAX_SIDE",
    "Kernel",
    "Maker",
    "box",
    "compose",
    "emboss",
    "flipped",
    "format_kernel",
    "frequency_response",
    "gabor",
    "gaussian",
    "laplacian_of_gaussian",
    "motion",
    "normalised",
    "oriented_edge",
    "parse_kernel",
    "rank",
    "rotated",
    "scaled",
    "separate",
    "sharpen",
    "strongest_wave",
    "transposed",
    "unsharp",
    "weight_sum",
    "zero_sum",
]
