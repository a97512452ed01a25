"""The layout of a program, for any library: imports, picture, kernels, maps."""

import json
from collections.abc import Sequence
from textwrap import indent, wrap

from cnnviz.experiments.chain import Recipe
from cnnviz.kernels import Kernel

WIDTH = 88  # characters in a line
TAB = "    "
# Names that a program may contain, and the import for each.
IMPORTS = {
    "ceil(": "from math import ceil\n",
    "keras.": "import keras",
    "np.": "import numpy as np",
    "torch.": "import torch",
    "F.": "import torch.nn.functional as F",
    "ops.": "from keras import ops",
    "sliding_window_view(": "from numpy.lib.stride_tricks import sliding_window_view",
    "convolve2d(": "from scipy.signal import convolve2d",
    "correlate2d(": "from scipy.signal import correlate2d",
    "expit(": "from scipy.special import expit",
    "ndtr(": "from scipy.special import ndtr",
}
SAME = '''\
def same(size, kernel_size, stride, dilation):
    """Return the padding (before, after) that leaves ceil(size / stride) cells."""
    reach = dilation * (kernel_size - 1) + 1
    total = max((ceil(size / stride) - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2
'''


def write(
    recipes: Sequence[Recipe], load: Sequence[str], array: str, body: Sequence[str], size: str
) -> str:
    """Lay out a program: straight-line code for one kernel, a loop over a function for several.

    Parameters
    ----------
    recipes : sequence of Recipe
    load : sequence of str
        The lines that load and reshape the input.
    array : str
        The dialect's expression for an array, with {} for the rows.
    body : sequence of str
        The lines that lead from `x` and `kernel` to the maps.
    size : str
        The expression for (H, W) of the input.
    """
    code = "\n".join(line.split("#")[0] for line in body)
    helper = f"\n\n{SAME}\n" if "same(" in code else ""
    if helper:
        body = [f"H, W = {size}", *body]
    if "kH" in code:
        body = ["kH, kW = kernel.shape", *body]
    program = "\n".join([*load, helper, *body])
    imports = [line for word, line in IMPORTS.items() if word in program]

    kernels = [recipe.kernel for recipe in recipes]
    layout, width = (_one_kernel, WIDTH) if len(kernels) == 1 else (_several_kernels, WIDTH - 4)
    body = [part for line in body for part in wrapped(line, width)]
    maps = ["features", "activated", "pooled"][: 2 if recipes[0].pooling == "none" else 3]
    return "\n".join([*imports, helper, *load, "", *layout(kernels, array, body, maps), ""])


def _one_kernel(
    kernels: Sequence[Kernel], array: str, body: Sequence[str], maps: Sequence[str]
) -> list[str]:
    shapes = ", ".join(f"{name}.shape" for name in maps)
    return [
        f"kernel = {matrix(kernels[0], array)}",
        *body,
        "",
        f"print({shapes})",
    ]


def _several_kernels(
    kernels: Sequence[Kernel], array: str, body: Sequence[str], maps: Sequence[str]
) -> list[str]:
    matrices = [
        f"{json.dumps(name)}: {matrix(kernel, array)},"
        for name, kernel in zip(_names(kernels), kernels, strict=True)
    ]
    by_name = [f"{name}[name]" for name in maps]
    return [
        "kernels = {",
        *(indent(matrix, TAB) for matrix in matrices),
        "}",
        "",
        "",
        "def chain(kernel):",
        *(TAB + line for line in body),
        f"{TAB}return {', '.join(maps)}",
        "",
        "",
        f"{', '.join(maps)} = {', '.join(['{}'] * len(maps))}",
        "for name, kernel in kernels.items():",
        f"{TAB}{', '.join(by_name)} = chain(kernel)",
        f"{TAB}print(name, {', '.join(f'{each}.shape' for each in by_name)})",
    ]


def _names(kernels: Sequence[Kernel]) -> list[str]:
    """Return the names, with numbers where one repeats: gaussian, gaussian_2."""
    names: list[str] = []
    for kernel in kernels:
        name, number = kernel.name, 1
        while name in names:
            number += 1
            name = f"{kernel.name}_{number}"
        names.append(name)
    return names


def matrix(kernel: Kernel, array: str) -> str:
    """Write a kernel as its matrix, row by row, and its divisor; `array` takes the rows at {}."""
    cells = [[repr(number) for number in row] for row in kernel.matrix.tolist()]
    width = max(len(cell) for row in cells for cell in row)
    rows = [f"[{', '.join(cell.rjust(width) for cell in row)}]," for row in cells]
    lines = [line for row in rows for line in wrap(row, WIDTH - 8, break_on_hyphens=False)]
    divisor = "" if kernel.divisor == 1 else f" / {kernel.divisor}"
    return array.format("[\n" + indent("\n".join(lines), TAB) + "\n]") + divisor


def wrapped(line: str, width: int) -> list[str]:
    """Break a line that is too long inside its outermost brackets, one argument a line at most."""
    if len(line) <= width:
        return [line]
    code, _, comment = line.partition("  # ")
    if comment:
        return [f"# {comment}", *wrapped(code, width)]
    head, rest = code.split("(", 1)
    inside, tail = rest.rsplit(")", 1)
    lines = [inside]
    if len(TAB + inside) > width:
        lines = [f"{argument}," for argument in _arguments(inside)]
    return [f"{head}(", *(TAB + each for each in lines), f"){tail}"]


def _arguments(text: str) -> list[str]:
    """Split at commas outside all brackets."""
    arguments, depth = [""], 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and not depth:
            arguments.append("")
        else:
            arguments[-1] += char
    return [argument.strip() for argument in arguments]
