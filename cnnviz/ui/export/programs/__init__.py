"""The chain of the Lab as a short program for each of three libraries.

A program loads `input.npy` and computes the same numbers as
`cnnviz.experiments.chain.feature_maps`. It contains only the steps that are switched on. The app
writes programs and never runs them.
"""

from collections.abc import Callable

from cnnviz.ui.export.programs.keras_chain import keras
from cnnviz.ui.export.programs.numpy_chain import numpy_scipy
from cnnviz.ui.export.programs.torch_chain import pytorch

__all__ = ["DIALECTS", "keras", "numpy_scipy", "pytorch"]

DIALECTS: dict[str, Callable[..., str]] = {
    "PyTorch": pytorch,
    "NumPy and SciPy": numpy_scipy,
    "Keras": keras,
}
