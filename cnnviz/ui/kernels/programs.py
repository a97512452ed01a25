"""Two kernels in a row, and the one beside them, as programs for download."""

from cnnviz.experiments.composition import compare_cascade
from cnnviz.functional.shapes import same_padding
from cnnviz.kernels import Kernel
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.export.programs.layout import matrix
from cnnviz.ui.export.programs.valid_convolution import VALID_CONVOLUTION

# The lines that all programs share, then those that differ by library.
PROGRAM = """\
import numpy as np
{imports}
x = np.load("input.npy"){channels}
first_kernel = {first}
second_kernel = {second}
whole_kernel = {whole}


def layer(x, kernel, rows, columns):
    x = np.pad(x, (rows, columns))
{layer}


first = layer(x, first_kernel, {near})
then = layer(first, second_kernel, {far})
all_at_once = layer(x, whole_kernel, {both})
difference = then - all_at_once
print("largest difference:", abs(difference).max())
"""


def cascade_code(first: Kernel, second: Kernel, whole: Kernel, *, colour: bool) -> Code:
    """Return the code of `compare_cascade`, for a picture in grey or in colour."""
    kernels = {
        name: matrix(kernel, "np.array({}, float)")
        for name, kernel in (("first", first), ("second", second), ("whole", whole))
    }
    near, far = _pads(first), _pads(second)
    both = [(a + c, b + d) for (a, b), (c, d) in zip(near, far, strict=True)]
    programs = {
        library: PROGRAM.format(
            imports=imports,
            channels=".sum(axis=0)  # the channels, added" if colour else "",
            layer=layer,
            near=_arguments(near),
            far=_arguments(far),
            both=_arguments(both),
            **kernels,
        )
        for library, (imports, layer) in VALID_CONVOLUTION.items()
    }
    return Code((compare_cascade,), programs)


def _pads(kernel: Kernel) -> list[tuple[int, int]]:
    """Return the zeros before and after, by axis, that keep the size of any picture."""
    return [same_padding(size, size) for size in kernel.shape]


def _arguments(pads: list[tuple[int, int]]) -> str:
    return ", ".join(map(str, pads))
