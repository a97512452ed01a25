"""The Pixels page as programs for download: grey, a shift, and the effect of the shift."""

from cnnviz.experiments.parameter_count import convolution_parameters, dense_parameters
from cnnviz.experiments.shift import Border, changed, shift_maps, shifted
from cnnviz.images.loading import grey
from cnnviz.kernels import KERNELS, Kernel
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.pixels.settings import border, down, kernel, right
from cnnviz.ui.widgets import working_picture

# The lines that all programs share, then those that differ by library.
PROGRAM = """\
import numpy as np
{imports}
x = {load}  # (3, H, W), intensity 0–255
grey = np.tensordot([299, 587, 114], x, axes=1) / 1000
picture = {picture}
kernel = np.array({matrix}, float){divided}


def shifted(maps):
    maps = np.roll(maps, ({rows}, {columns}), axis=(-2, -1)){cleared}
    return maps


def features(picture):
    pads = [(0, 0)] + [(k // 2, k // 2) for k in kernel.shape]
    picture = np.pad(picture, pads, mode="{mode}")
{convolve}


def changed(before, after):
    return np.mean(~np.isclose(before, after, rtol=0, atol=1e-9 * abs(before).max()))


print("input:", changed(picture, shifted(picture)))
print("map:", changed(features(picture), features(shifted(picture))))
print("map, moved along:", changed(shifted(features(picture)), features(shifted(picture))))
"""
CONVOLVE = {
    "PyTorch": (
        "import torch\nimport torch.nn.functional as F\n",
        "    weight = np.broadcast_to(kernel, (1, *picture.shape[:1], *kernel.shape)).copy()\n"
        "    return F.conv2d(torch.from_numpy(picture), torch.from_numpy(weight)).numpy()",
    ),
    "NumPy and SciPy": (
        "from scipy.signal import correlate2d\n",
        '    return sum(correlate2d(plane, kernel, mode="valid") for plane in picture)',
    ),
    "Keras": (
        'import keras\n\nkeras.config.set_floatx("float64")\n',
        "    weight = np.stack([kernel] * len(picture), axis=-1)[..., None]  # (kH, kW, in, out)\n"
        "    picture = picture.transpose(1, 2, 0)[None]  # channels last\n"
        '    maps = keras.ops.conv(picture, weight, padding="valid")\n'
        "    return keras.ops.convert_to_numpy(maps)[0, ..., 0]",
    ),
}
MODES = {"circular": "wrap", "zeros": "constant"}
RAN = (grey, shifted, shift_maps, changed, dense_parameters, convolution_parameters)


def code() -> Code:
    """Return the functions that just ran, and the same in other libraries."""
    mine = programs(
        KERNELS[kernel.value],
        down.value,
        right.value,
        border.value,
        colour=working_picture.COLOUR.value == "colour",
        white=float(working_picture.SCALE.value),
    )
    return Code(RAN, mine)


def programs(
    kernel: Kernel, rows: int, columns: int, border: Border, *, colour: bool, white: float
) -> dict[str, str]:
    """Return the experiment with a shift as a program, by library.

    Parameters
    ----------
    kernel : Kernel
        With an odd number of rows and columns.
    rows, columns, border
        As for `cnnviz.experiments.shift.shifted`.
    colour : bool
        Whether the picture keeps its three channels.
    white : float
        The value of intensity 255 in the input.
    """
    load = 'np.load("input.npy")'
    facts = {
        "load": load if white == 255 else f"np.rint({load} * {255 / white:g})",
        "picture": "x" if colour else "np.floor(grey + 0.5)[None]  # in whole intensities",
        "matrix": kernel.matrix.tolist(),
        "divided": "" if kernel.divisor == 1 else f" / {kernel.divisor}",
        "rows": rows,
        "columns": columns,
        "cleared": "" if border == "circular" else _cleared(rows, columns),
        "mode": MODES[border],
    }
    return {
        name: PROGRAM.format(imports=imports, convolve=convolve, **facts)
        for name, (imports, convolve) in CONVOLVE.items()
    }


def _cleared(rows: int, columns: int) -> str:
    """Write the lines that clear the rows and columns that the shift has brought in."""
    lines = []
    for place, shift in (("[..., {}, :]", rows), ("[..., {}]", columns)):
        if shift:
            entered = f":{shift}" if shift > 0 else f"{shift}:"
            lines.append(f"\n    maps{place.format(entered)} = 0")
    return "".join(lines)
